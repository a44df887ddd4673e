import type { Wanted } from '@trunkline/realtime-protocol';

/** A command as it outlives the page. Times are of the wall clock, the only one that goes on when the page is gone. */
export interface StoredCommand {
  readonly key: string;
  readonly wanted: Wanted;
  /** Who wanted it: tenant and user. It goes out in nobody else's name. */
  readonly principal: string;
  readonly storedAt: number;
  readonly expiresAt: number;
}

/** Where commands wait that should outlive the page. All of it may fail; a command then lives as long as the page. */
export interface CommandStorage {
  load(): Promise<readonly StoredCommand[]>;
  put(command: StoredCommand): Promise<void>;
  remove(key: string): Promise<void>;
}
