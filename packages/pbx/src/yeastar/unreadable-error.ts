/** Something the PBX sent can't be read. The message names the field and what is wrong with it, never its value. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}
