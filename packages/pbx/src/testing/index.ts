export { fuzzAmi, fuzzAri } from '../asterisk/testing/fuzz.ts';
export { fuzz as fuzzYeastar } from '../yeastar/testing/fuzz.ts';
export { readCapture, received } from '../asterisk/testing/captures.ts';
export { createDecoder, type Decoder } from './create-decoder.ts';
