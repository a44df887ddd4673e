import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket, type SecureContext } from 'node:tls';
import type { CertificatePair } from '../contract/simulator.ts';
import type { Tallies } from '../tallies.ts';
import { Cable } from './cable.ts';

export interface GatewayOptions {
  readonly host: string;
  readonly port: number;
  /** Null speaks plainly. */
  readonly certificate: CertificatePair | null;
  readonly tallies: Tallies;
  readonly writeMs: () => number;
  /** What a source may do: `refuse` closes its connections at once, `ignore` lets them hang. */
  readonly admit: (source: string) => 'accept' | 'refuse' | 'ignore';
  readonly onConnection: (socket: Duplex, source: string) => void;
}

/** Clients that may wait to be accepted. */
const BACKLOG = 1024;

/** The PBX's port: TCP, TLS and the faults of the network, the same for every protocol. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #secure: SecureContext | null;
  readonly #cables = new Map<Cable, Socket>();
  #server: Server | null = null;
  #port: number;

  constructor(options: GatewayOptions) {
    const { certificate, port } = options;
    this.#options = options;
    this.#port = port;
    this.#secure = certificate === null ? null : createSecureContext(certificate);
  }

  get port(): number {
    return this.#port;
  }

  /** Opens the port, after a close the same one again. */
  async open(): Promise<void> {
    const server = createServer({ allowHalfOpen: false }, (raw) => this.#connect(raw));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ host: this.#options.host, port: this.#port, backlog: BACKLOG }, () => {
        server.removeListener('error', reject);
        resolve();
      });
    });
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
  }

  /** Closes the port and cuts every connection. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
    this.cutAll('close');
    await closed;
  }

  cutAll(how: 'close' | 'reset'): void {
    for (const cable of this.#cables.keys()) cable.cut(how);
  }

  freezeAll(): void {
    for (const cable of this.#cables.keys()) cable.freeze();
  }

  /** What was frozen has lost bytes, and can't go on: it ends as a connection does when the network is back. */
  resetFrozen(): void {
    for (const cable of this.#cables.keys()) if (cable.frozen) cable.cut('reset');
  }

  #connect(raw: Socket): void {
    const { admit, tallies, writeMs, onConnection } = this.#options;
    const admission = admit(raw.remoteAddress ?? 'unknown');
    if (admission === 'refuse') {
      raw.destroy();
      return;
    }
    tallies.connections.opened += 1;
    tallies.connections.open += 1;
    const cable = new Cable(raw, writeMs);
    this.#cables.set(cable, raw);
    raw.once('close', () => {
      this.#cables.delete(cable);
      tallies.connections.open -= 1;
    });
    if (admission === 'ignore') {
      cable.freeze();
      return;
    }
    onConnection(this.#secured(cable), cable.source);
  }

  #secured(cable: Cable): Duplex {
    if (this.#secure === null) return cable;
    const socket = new TLSSocket(cable, { isServer: true, secureContext: this.#secure });
    // A client that does not trust the certificate says so with an alert; that is no business of the PBX.
    socket.on('error', () => cable.destroy());
    socket.once('close', () => cable.destroy());
    return socket;
  }
}
