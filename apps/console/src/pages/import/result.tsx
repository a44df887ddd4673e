import { Download } from 'lucide-react';
import { useState } from 'react';
import type { ContactImport } from '../../api/answers.ts';
import { useApi } from '../../api/use-api.ts';
import { importsCopy } from '../../imports/copy.ts';
import { Outcome, Panel, Section, opsStyles } from '../../ops/ops-page.tsx';
import { useMay } from '../../session/session-provider.tsx';
import { Button } from '../../ui/button.tsx';
import { Counts } from './counts.tsx';

const copy = importsCopy.result;

export const Result = ({ known }: { readonly known: ContactImport }) => (
  <Section title={known.fileName} count={importsCopy.states[known.state]} tools={<Rejected known={known} />}>
    <Panel>
      <div className={opsStyles.section}>
        <h3>{copy.title}</h3>
        <Counts known={known} />
        {known.plan?.isDryRun === true && <Outcome tone="plain">{copy.dry}</Outcome>}
        {known.problem !== null && <Outcome tone="danger">{copy.failed(known.problem)}</Outcome>}
      </div>
    </Panel>
  </Section>
);

/** The rows that were refused, as a file; it takes the token along, so it is no plain link. */
function Rejected({ known }: { readonly known: ContactImport }) {
  const api = useApi();
  const mayWrite = useMay('contacts:write');
  const [told, setTold] = useState<'idle' | 'busy' | Error>('idle');
  if (known.rejected === 0 || !mayWrite) return null;
  const save = async (): Promise<void> => {
    setTold('busy');
    try {
      const answer = await api.fetch(`/v1/imports/${known.id}/rejected`);
      const address = URL.createObjectURL(await answer.blob());
      Object.assign(document.createElement('a'), { href: address, download: 'rejected.csv' }).click();
      URL.revokeObjectURL(address);
      setTold('idle');
    } catch (error) {
      setTold(error as Error);
    }
  };
  return (
    <>
      {told instanceof Error && <Outcome tone="danger">{told.message}</Outcome>}
      <Button isBusy={told === 'busy'} onClick={() => void save()}>
        <Download size={16} aria-hidden />
        {told === 'busy' ? copy.downloading : copy.download}
      </Button>
    </>
  );
}
