import { OpsPage } from '../../ops/ops-page.tsx';

/** Not told by the API yet. */
export function Page() {
  return <OpsPage lead="…">{null}</OpsPage>;
}
