import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { LinkError } from '../port/fault.ts';
import { hostOf, isEncrypted, placeOf, portOf, type Endpoint } from './endpoint.ts';
import { closedError, unreachableError } from './link-errors.ts';

export interface DialOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** How long the kernel waits before it probes an idle connection; the heartbeats above are much faster. */
const KEEP_ALIVE_MS = 30_000;

/**
 * Opens a connection and hands it out only when the other side's certificate is believed, so that no secret is ever
 * written to a stranger. This is the one place that opens sockets to a PBX.
 */
export function dial(endpoint: Endpoint, { signal, timeoutMs }: DialOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(closedError(endpoint));
      return;
    }
    const encrypted = isEncrypted(endpoint);
    const socket = encrypted ? connectTls(tlsOptions(endpoint)) : connectTcp(tcpOptions(endpoint));
    const timer = setTimeout(
      () => fail(unreachableError(endpoint, `no connection within ${timeoutMs} ms`)),
      timeoutMs,
    );
    const onAbort = (): void => fail(closedError(endpoint));
    const onError = (error: Error): void => fail(dialError(endpoint, error));
    const onClose = (): void =>
      fail(unreachableError(endpoint, 'the connection was closed while it was opened'));
    const onOpen = (): void => {
      const problem = encrypted ? distrust(endpoint, socket as TLSSocket) : null;
      if (problem !== null) fail(problem);
      else done(() => resolve(socket));
    };

    function done(settle: () => void): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      socket.off('error', onError).off('close', onClose).off(openEvent, onOpen);
      settle();
    }
    function fail(error: LinkError): void {
      done(() => {
        // An error that comes after we gave up has nobody to hear it, and would end the process.
        socket.on('error', () => undefined);
        socket.destroy();
        reject(error);
      });
    }

    const openEvent = encrypted ? 'secureConnect' : 'connect';
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', onError).once('close', onClose).once(openEvent, onOpen);
  });
}

function tcpOptions(endpoint: Endpoint) {
  return {
    host: hostOf(endpoint),
    port: portOf(endpoint),
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
    autoSelectFamily: true,
  };
}

function tlsOptions(endpoint: Endpoint): ConnectionOptions {
  const { trust } = endpoint;
  const host = hostOf(endpoint);
  return {
    ...tcpOptions(endpoint),
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(trust.kind === 'authority' ? { ca: [trust.pem] } : {}),
    ...(endpoint.address.protocol === 'https:' ? { ALPNProtocols: ['http/1.1'] } : {}),
    minVersion: 'TLSv1.2',
    // Node would destroy the socket before anybody could read the certificate. `distrust` judges in its place, and no
    // socket leaves this file without its verdict.
    rejectUnauthorized: false,
  };
}

const fingerprintOf = (socket: TLSSocket): string | null =>
  socket.getPeerX509Certificate()?.fingerprint256.replaceAll(':', '').toLowerCase() ?? null;

/** Why the certificate is not believed; null where it is. */
function distrust(endpoint: Endpoint, socket: TLSSocket): LinkError | null {
  const fingerprint = fingerprintOf(socket);
  const { trust } = endpoint;
  if (trust.kind !== 'fingerprint')
    return socket.authorized ? null : notVouchedFor(endpoint, socket, fingerprint);
  if (fingerprint === trust.sha256) return null;
  return new LinkError(
    { kind: 'certificate', fingerprint },
    `${placeOf(endpoint)} shows another certificate than the pinned one (sha256:${fingerprint ?? 'none'}). ` +
      'If the PBX got a new certificate, pin the new fingerprint; if not, somebody may stand in between.',
  );
}

function notVouchedFor(endpoint: Endpoint, socket: TLSSocket, fingerprint: string | null): LinkError {
  return new LinkError(
    { kind: 'certificate', fingerprint },
    `The certificate of ${placeOf(endpoint)} is not trusted: ${String(socket.authorizationError)}. ` +
      `Give the certificate of its authority, or pin its fingerprint${fingerprint === null ? '' : ` sha256:${fingerprint}`}.`,
  );
}

function dialError(endpoint: Endpoint, error: Error): LinkError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (!/^(?:ERR_SSL|EPROTO)/.test(code))
    return unreachableError(endpoint, code === '' ? error.message : code, error);
  return new LinkError(
    { kind: 'protocol' },
    `${placeOf(endpoint)} does not answer with TLS (${code}). Check the port and whether the PBX has TLS switched on.`,
    { cause: error },
  );
}
