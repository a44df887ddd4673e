import type { PbxOptions } from '../port/target.ts';

/** Whose leg a channel is, as its name tells. */
export type Named =
  | { readonly kind: 'extension'; readonly number: string }
  | { readonly kind: 'trunk'; readonly name: string }
  /** Half of a pair that glues two parts of a call together; `pair` is what both halves are called. */
  | { readonly kind: 'local'; readonly pair: string }
  /** Something that listens or plays: recorders, announcers, spies. No part of any call. */
  | { readonly kind: 'aside' };

/** Reads the names of channels (`PJSIP/1001-0000002a`) and devices (`PJSIP/1001`). */
export interface ChannelNames {
  read(channel: string): Named;
  /** The extension's number, or null where the device is not a phone of ours. */
  extensionOf(device: string): string | null;
}

const aside =
  /^(?:Snoop|Recorder|Announcer|Message|CBAnn|CBRec|Bridge|Surrogate|UnicastRTP|MulticastRTP|AudioSocket|WebSocket)\//;
const local = /^Local\/(.+);[12]/;

/**
 * Phones are mostly named by their number and trunks by a word. Seven digits and more are a trunk named for its number
 * on nearly every installation.
 */
const usualExtension = /^(?:PJSIP|SIP|IAX2|SCCP|Skinny|MGCP|Motif)\/(\d{2,6})(?:[-@<]|$)/;
const resource = /^[^/]+\/(.+?)(?:-[0-9a-f]+)?(?:<\w+>)?$/i;

/**
 * An explicit `extensionPattern` decides first, then an explicit `trunkPattern`, then our rule for extensions; what is
 * left is a trunk, since a channel that is no phone of ours leads outside.
 */
export function createChannelNames({ extensionPattern, trunkPattern }: PbxOptions): ChannelNames {
  const extension = extensionPattern === undefined ? usualExtension : new RegExp(extensionPattern);
  const trunk = trunkPattern === undefined ? null : new RegExp(trunkPattern);
  const trunkFirst = extensionPattern === undefined;

  const trunkOf = (name: string): string | null => trunk?.exec(name)?.[1] ?? null;
  const extensionOf = (name: string): string | null => extension.exec(name)?.[1] || null;

  return {
    read(channel) {
      if (channel.startsWith('Local/')) return { kind: 'local', pair: local.exec(channel)?.[1] ?? channel };
      if (aside.test(channel)) return { kind: 'aside' };
      const explicitTrunk = trunkOf(channel);
      if (trunkFirst && explicitTrunk !== null) return { kind: 'trunk', name: explicitTrunk };
      const number = extensionOf(channel);
      if (number !== null) return { kind: 'extension', number };
      return { kind: 'trunk', name: explicitTrunk ?? resource.exec(channel)?.[1] ?? channel };
    },
    extensionOf(device) {
      if (device.startsWith('Local/') || aside.test(device)) return null;
      return trunkFirst && trunkOf(device) !== null ? null : extensionOf(device);
    },
  };
}
