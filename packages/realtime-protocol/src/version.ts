/**
 * The version of the protocol. A change that a client of today would misread makes a new version and a new subprotocol;
 * new message types, new fields and new topics do not, since whoever does not know them ignores them.
 */
export const protocolVersion = 1;

/** What client and server agree on. The server answers with this one and nothing else. */
export const subprotocol = 'trunkline.v1';

/** How a token is offered beside it: browsers can set no header, and a URL ends up in logs. */
export const bearerPrefix = 'bearer.';

/** Where sockets are opened. A constant of its own, so that a client carries no more than it uses. */
export const webSocketPath = '/ws';

/** Where sockets are opened, and event streams where sockets don't pass. */
export const paths = { webSocket: webSocketPath, eventStream: '/sse' } as const;
