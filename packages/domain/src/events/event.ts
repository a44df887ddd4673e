import type { InferOutput } from 'valibot';
import type { PbxId } from '../ids.ts';
import type { Version } from '../version.ts';
import { callEventSchemas } from './call-event.ts';
import { extensionEventSchemas } from './extension-event.ts';
import { linkEventSchemas } from './link-event.ts';
import { recordingEventSchemas } from './recording-event.ts';

/** Every kind of event there is, and the shape of its payload. */
export const eventSchemas = {
  ...callEventSchemas,
  ...extensionEventSchemas,
  ...recordingEventSchemas,
  ...linkEventSchemas,
} as const;

export type EventType = keyof typeof eventSchemas;

/** What stands around a payload: who said it and where it stands among all they said. */
interface Envelope<Type extends EventType> {
  readonly type: Type;
  readonly pbx: PbxId;
  readonly version: Version;
}

type EventOf<Type extends EventType> = {
  [T in Type]: Envelope<T> & Readonly<InferOutput<(typeof eventSchemas)[T]>>;
}[Type];

export type CallEvent = EventOf<keyof typeof callEventSchemas>;
export type ExtensionEvent = EventOf<keyof typeof extensionEventSchemas>;
export type RecordingEvent = EventOf<keyof typeof recordingEventSchemas>;
export type LinkEvent = EventOf<keyof typeof linkEventSchemas>;

export type LinkConnected = EventOf<'link.connected'>;
export type LinkDisconnected = EventOf<'link.disconnected'>;
export type LinkSnapshot = EventOf<'link.snapshot'>;

/** Something that a PBX, or the link to it, said. */
export type LifecycleEvent = CallEvent | ExtensionEvent | RecordingEvent | LinkEvent;

export const isEventType = (type: string): type is EventType => Object.hasOwn(eventSchemas, type);
export const isCallEvent = (event: LifecycleEvent): event is CallEvent => event.type in callEventSchemas;
export const isLinkEventType = (type: string): boolean => Object.hasOwn(linkEventSchemas, type);
