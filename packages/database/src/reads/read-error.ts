/** What was asked for makes no sense; the message says why, for whoever asked. */
export class ReadError extends Error {
  override readonly name = 'ReadError';
}
