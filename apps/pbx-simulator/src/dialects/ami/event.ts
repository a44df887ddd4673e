import { eventHead, type EventClass } from './headers.ts';
import { write, type Headers } from './message.ts';

export interface AmiEvent {
  readonly eventClass: EventClass;
  readonly text: string;
}

export function event(name: string, eventClass: EventClass, ...blocks: readonly Headers[]): AmiEvent {
  return { eventClass, text: write([...eventHead(name, eventClass), ...blocks.flat()]) };
}
