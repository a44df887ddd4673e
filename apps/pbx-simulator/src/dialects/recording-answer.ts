import type { ActiveFaults } from '../faults/active-faults.ts';
import type { HttpAnswer } from './http-answer.ts';
import { toneWave } from './wave.ts';

export interface RecordingAnswer {
  readonly answer: HttpAnswer;
  readonly manner: 'whole' | 'torn';
}

const headers = { 'content-type': 'audio/wav' } as const;

/** A recording as it is given out, or what a fault makes of it: an answer that breaks off, or sound that is not all there. */
export function recordingAnswer(faults: ActiveFaults): RecordingAnswer {
  const how = faults.get('recordings')?.how;
  const sound = toneWave();
  const body = how === 'short' ? sound.subarray(0, sound.length >> 1) : sound;
  return { answer: { status: 200, headers, body }, manner: how === 'cut' ? 'torn' : 'whole' };
}
