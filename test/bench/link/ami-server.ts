import { createServer, type Socket } from 'node:net';
import { serveFrames, type FrameServer } from './frame-server.ts';
import { joinMessages } from './recording.ts';

/** A PBX that lets everybody in, has nothing to list, and says what was recorded when it is told to. */
export async function serveAmi(messages: readonly Buffer[]): Promise<FrameServer> {
  let listener: Socket | null = null;
  const server = createServer((socket) => {
    listener = socket;
    let rest = '';
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      const actions = (rest + data.toString('utf8')).split('\r\n\r\n');
      rest = actions.pop() ?? '';
      for (const action of actions) socket.write(answerTo(action));
    });
    socket.write('Asterisk Call Manager/11.0.0\r\n');
  });
  return await serveFrames(server, () => listener, joinMessages(messages));
}

const lists: ReadonlySet<string> = new Set([
  'coreshowchannels',
  'devicestatelist',
  'bridgelist',
  'extensionstatelist',
  'pjsipshowendpoints',
]);

function answerTo(text: string): string {
  const action = (/^Action: (.*)$/m.exec(text)?.[1] ?? '').trim().toLowerCase();
  const id = `ActionID: ${(/^ActionID: (.*)$/m.exec(text)?.[1] ?? '').trim()}`;
  if (lists.has(action))
    return (
      `Response: Success\r\n${id}\r\nEventList: start\r\n\r\n` +
      `Event: ${action}Complete\r\n${id}\r\nEventList: Complete\r\nListItems: 0\r\n\r\n`
    );
  const success = `Response: Success\r\n${id}\r\nChallenge: 1\r\n\r\n`;
  return action === 'login' ? `${success}Event: FullyBooted\r\nStatus: Fully Booted\r\n\r\n` : success;
}
