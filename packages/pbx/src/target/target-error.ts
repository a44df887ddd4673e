/** A PBX is described in a way that can't be used. The message names the field, the problem and an example. */
export class TargetError extends Error {
  override readonly name = 'TargetError';
  readonly field: 'vendor' | 'address' | 'trust' | 'options';

  constructor(field: TargetError['field'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.field = field;
  }
}
