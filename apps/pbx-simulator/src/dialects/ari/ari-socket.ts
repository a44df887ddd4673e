import type { WebSocket } from 'ws';
import { Outlet } from '../../faults/outlet.ts';
import { countSocketClosed, countSocketOpened } from '../../tallies.ts';
import { ENTITY_ID } from '../asterisk/asterisk-words.ts';
import { breakJson } from '../break-json.ts';
import type { DialectContext } from '../dialect.ts';
import type { ApplicationHolder } from './applications.ts';
import { timestamp } from './models.ts';

/** One WebSocket, which may hold several applications. It answers pings and sends none of its own. */
export class AriSocket implements ApplicationHolder {
  readonly #socket: WebSocket;
  readonly #context: DialectContext;
  readonly #outlet: Outlet;

  constructor(socket: WebSocket, context: DialectContext, onClose: () => void) {
    const { faults, chance, tallies, delays } = context;
    this.#socket = socket;
    this.#context = context;
    const send = (text: string): void => this.#write(text);
    this.#outlet = new Outlet({ send, breakFrame: breakJson, faults, chance, tallies, delays });
    countSocketOpened(tallies);
    socket.on('ping', () => {
      tallies.heartbeats += 1;
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      countSocketClosed(tallies);
      onClose();
    });
  }

  push(application: string, type: string, fields: object): void {
    this.#outlet.push(this.#frame(type, { ...fields, asterisk_id: ENTITY_ID, application }));
  }

  /** What concerns this client itself: it is not subject to the faults of event frames. */
  send(type: string, fields: object): void {
    this.#write(this.#frame(type, { ...fields, asterisk_id: ENTITY_ID }));
  }

  #frame(type: string, fields: object): string {
    return JSON.stringify({ type, timestamp: timestamp(this.#context.clock.now()), ...fields });
  }

  #write(text: string): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(text);
  }
}
