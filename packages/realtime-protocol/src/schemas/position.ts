import * as v from 'valibot';
import type { Position } from '../position.ts';
import { epoch, offset } from './parts.ts';

const position = v.object({ epoch, offset });

/** For whoever gets positions otherwise than in a message. */
export const isPosition = (value: unknown): value is Position => v.is(position, value);
