/** What is used of packages that come without types. */
declare module 'ari-client' {
  import type { EventEmitter } from 'node:events';

  export interface Client extends EventEmitter {
    start(applications: string, subscribeAll: boolean): Promise<void>;
    stop(): void;
  }
  export function connect(url: string, username: string, secret: string): Promise<Client>;
}

declare module 'asterisk-manager' {
  import type { EventEmitter } from 'node:events';

  interface Manager extends Pick<EventEmitter, 'on' | 'once'> {
    disconnect(): void;
  }
  export default function createManager(
    port: number,
    host: string,
    username: string,
    secret: string,
    events: boolean,
  ): Manager;
}
