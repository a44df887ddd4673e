/** Writes the tables of docs/scaling.md anew from what was measured last, after the model or its assumptions have changed. */
import { readMeasured } from './measured.ts';
import { writeScalingPage } from './scaling-page.ts';

writeScalingPage(readMeasured());
