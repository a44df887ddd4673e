import type { InferOutput } from 'valibot';
import type { Party, Route } from '../call/party.ts';
import type { eventSchemas, EventType } from './event.ts';

type Payload<Type extends EventType> = InferOutput<(typeof eventSchemas)[Type]>;
type Fields<Of> = { readonly [Field in keyof Of & string]-?: string };

interface EventAbout<Type extends EventType> {
  /** When it is published. */
  readonly says: string;
  readonly fields: Fields<Payload<Type>>;
}

const call = {
  call: 'The PBX’s own name for the call, unique within the PBX.',
  startedAt: 'When the call began, where the PBX tells.',
  answeredAt: 'When it was answered, where the PBX tells.',
  caller: 'Who called.',
  callee: 'Who was called.',
  route: 'The way it came or went.',
  extensions: 'The phones that take part.',
};

const openCall = { ...call, at: 'When it was said, by our clock.' };

const extension = {
  extension: 'The phone’s number.',
  status: 'What the phone does.',
  name: 'What the PBX calls it.',
};

const at = 'When it was said, by our clock.';

/**
 * What each event and each of its fields tells, for whoever reads streams, audit or dead letters. It stands beside the schemas
 * and not in them, because a description in a schema is one more step for each field of each event that is read. An event or
 * field without a word here does not compile.
 */
export const eventCatalogue: { readonly [Type in EventType]: EventAbout<Type> } = {
  'call.calling': {
    says: 'A call exists and no phone rings yet; also a caller in a menu or queue.',
    fields: openCall,
  },
  'call.ringing': { says: 'A phone of the other side rings.', fields: openCall },
  'call.connected': {
    says: 'Two parties talk. Without `answeredAt` it is itself the moment of the answer.',
    fields: openCall,
  },
  'call.held': { says: 'One of them holds. The call had been answered by then.', fields: openCall },
  'call.ended': {
    says: 'The call is over. Later ones for the same call only fill in.',
    fields: {
      ...openCall,
      endedAt: 'When it ended, where the PBX tells; else it is `at`.',
      cause: 'Why it ended.',
      talkSeconds: 'How long they talked, where the PBX counted.',
    },
  },
  'extension.changed': { says: 'A phone does something else now.', fields: { ...extension, at } },
  'recording.ready': {
    says: 'A recording can be fetched from the PBX.',
    fields: {
      recording: 'The PBX’s own name for it, mostly a file.',
      at,
      call: 'The call that was recorded, where it is known.',
      durationSeconds: 'Its length.',
    },
  },
  'link.connected': { says: 'The PBX has confirmed our subscription to its events.', fields: { at } },
  'link.disconnected': {
    says: 'The link is lost. It closes everything of the PBX that was said before and is still open.',
    fields: {
      at,
      reason: 'What happened, in words.',
      cause: 'What its calls are closed with: the link was lost, or the PBX itself restarted.',
    },
  },
  'link.snapshot': {
    says: 'Everything that goes on, complete. What it does not list is closed, unless something was said of it after `asOf`.',
    fields: {
      at,
      asOf: 'The last event that was published before the list was asked for.',
      calls: 'All open calls, with what is said of calls above and a `status`.',
      extensions: 'All phones. Left out by PBXs that can’t list them.',
    },
  },
};

/** The parts of which fields are made. */
export const partsOfEvents: { readonly party: Fields<Party>; readonly route: Fields<Route> } = {
  party: { number: 'As the PBX names it; not normalised.', name: 'As the PBX tells it.' },
  route: {
    direction: 'As seen from the PBX.',
    trunk: 'The trunk, where the call leads outside.',
    did: 'The number that was dialled in.',
  },
};
