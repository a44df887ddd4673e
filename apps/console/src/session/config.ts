import * as v from 'valibot';

/** What the server tells a page before anybody has signed in. */
const configShape = v.object({
  environment: v.picklist(['development', 'production']),
  version: v.string(),
  issuer: v.string(),
  clientId: v.string(),
  audience: v.nullish(v.string()),
  scope: v.string(),
  /** Null: `/ws` of this host. */
  pushUrl: v.nullable(v.string()),
  /** A simulated PBX can be steered from here. */
  simulator: v.boolean(),
});

export type Config = v.InferOutput<typeof configShape>;

export async function readConfig(fetchFrom: typeof fetch = fetch): Promise<Config> {
  const response = await fetchFrom('/console/config.json', { cache: 'no-cache' });
  if (!response.ok) throw new Error(`/console/config.json was answered with ${response.status}`);
  return v.parse(configShape, await response.json());
}
