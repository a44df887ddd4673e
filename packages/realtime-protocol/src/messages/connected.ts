/** The token is good: topics may be subscribed to, and commands given. */
export interface Connected {
  readonly type: 'connected';
  /** Names this connection in logs. */
  readonly connection: string;
  readonly tenant: string;
  readonly user: string;
  readonly scopes: readonly string[];
  /** The token is good for so long; renew it before. */
  readonly expiresInMs: number;
}
