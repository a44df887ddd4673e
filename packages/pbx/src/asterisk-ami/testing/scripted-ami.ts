import { createServer, type AddressInfo, type Socket } from 'node:net';

export type Action = Readonly<Record<string, string>>;
/** Messages to send for an action, each without its last empty line; null for none at all. */
export type Script = (action: Action, socket: Socket) => readonly string[] | null;

export interface ScriptedAmi extends AsyncDisposable {
  readonly address: string;
  readonly actions: Action[];
  readonly sockets: Set<Socket>;
  /** Sends messages on all connections. */
  say(...messages: string[]): void;
}

export const banner = 'Asterisk Call Manager/11.0.0\r\n';

/** A fake that speaks just enough AMI to play a script on real sockets. */
export async function startScriptedAmi(
  script: Script,
  greeting: string | null = banner,
): Promise<ScriptedAmi> {
  const actions: Action[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    if (greeting !== null) socket.write(greeting);
    let rest = '';
    socket.on('data', (chunk) => {
      const texts = `${rest}${chunk.toString()}`.split('\r\n\r\n');
      rest = texts.pop() ?? '';
      for (const text of texts) {
        const action = readAction(text);
        actions.push(action);
        for (const message of script(action, socket) ?? []) socket.write(`${message}\r\n\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    address: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    actions,
    sockets,
    say: (...messages) => {
      for (const socket of sockets) for (const message of messages) socket.write(`${message}\r\n\r\n`);
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

const readAction = (text: string): Action =>
  Object.fromEntries(
    text.split('\r\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );
