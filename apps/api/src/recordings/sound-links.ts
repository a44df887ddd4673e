import { tenantId, type TenantId } from '@trunkline/domain';
import * as v from 'valibot';
import { createSeal } from '../sessions/sealed.ts';

/** What a link stands for: who may hear what, and how it is sent. */
export interface SoundLink {
  readonly recording: string;
  readonly tenant: TenantId;
  readonly user: string;
  readonly download: boolean;
}

/** Long enough to listen to what has begun to play, and to seek in it. */
export const linkLifeMs = 15 * 60_000;

const purpose = 'recording';
const linkSchema = v.object({
  recording: v.string(),
  tenant: v.string(),
  user: v.string(),
  download: v.boolean(),
});

export interface SoundLinks {
  seal(link: SoundLink): Promise<string>;
  /** null for what is no link of ours, or has ended. */
  open(sealed: string): Promise<SoundLink | null>;
}

/** Sealed with the secret of sessions, which all replicas have, for a purpose of its own: no cookie is a link, and no link a cookie. */
export function createSoundLinks(secret: string): SoundLinks {
  const seal = createSeal(secret);
  return {
    seal: (link) => seal.seal(purpose, { ...link }, linkLifeMs),
    async open(sealed) {
      const read = v.safeParse(linkSchema, await seal.open(purpose, sealed));
      return read.success ? { ...read.output, tenant: tenantId(read.output.tenant) } : null;
    },
  };
}
