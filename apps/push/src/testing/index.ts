/** What tests of other rooms use. */
export { TestClient, type ClientWishes, type DownOf } from './test-client.ts';
export { TestStream, type StreamWishes } from './test-stream.ts';
