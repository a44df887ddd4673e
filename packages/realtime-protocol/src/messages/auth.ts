/** A token: the first one where none was offered beside the subprotocol, or the next one before the present one expires. */
export interface Auth {
  readonly type: 'auth';
  readonly token: string;
}

/** The answer to an `auth` that renewed. */
export interface Renewed {
  readonly type: 'renewed';
  readonly scopes: readonly string[];
  readonly expiresInMs: number;
}
