import { createHash } from 'node:crypto';
import type { Principal } from '@trunkline/access';
import type { Database } from '@trunkline/database';
import type { Feed } from '@trunkline/feed';
import { CommandError, type CommandProblem as PbxProblem, type PbxCommands } from '@trunkline/pbx-commands';
import type {
  Command,
  CommandProblem,
  HangUp,
  Originate,
  SendMessage,
  Wanted,
} from '@trunkline/realtime-protocol';
import type { Logger, RedisConnection } from '@trunkline/service-kit';
import type { PushMetrics } from '../push-metrics.ts';
import type { CommandAnswer } from '../session/session-host.ts';
import { createOnce } from './once.ts';
import { refusal } from './refusal.ts';
import { createMessages } from './send-message.ts';

export interface CommandsOptions {
  readonly database: Pick<Database, 'forTenant' | 'transaction'>;
  /** A connection for commands. */
  readonly connection: RedisConnection;
  readonly prefix: string;
  readonly pbxCommands: Pick<PbxCommands, 'send'>;
  readonly feed: Pick<Feed, 'deliver'>;
  readonly metrics: Pick<PushMetrics, 'commands'>;
  readonly logger: Logger;
}

/** [CMD2] How long a command that comes again is known. */
const keepMs = 10 * 60_000;

/** No id, number or name has them, and the database takes no NUL. */
const controls = /[\p{Cc}\p{Cs}]/u;

/** What can't be known again by what came of it. */
type DoneOnce = Exclude<Wanted, SendMessage>;

/** Carries out what clients want, at most once, and answers in any case. */
export function createCommands(options: CommandsOptions) {
  const { database, connection, prefix, pbxCommands, feed, metrics, logger } = options;
  const once = createOnce({ connection, prefix, keepMs });
  const messages = createMessages({ database, feed, logger });

  async function carryOut(message: Command, principal: Principal): Promise<CommandAnswer> {
    const answer = await answerTo(message, principal);
    const { kind } = message.command;
    metrics.commands.inc({ kind, answer: answer.ok ? 'done' : answer.problem });
    logger.info(
      { kind, ok: answer.ok, ...(!answer.ok && { problem: answer.problem }) },
      'a command of a client',
    );
    return answer;
  }

  async function answerTo(message: Command, principal: Principal): Promise<CommandAnswer> {
    const { command, key, expiresInMs } = message;
    try {
      if (expiresInMs <= 0) return refusal('expired', 'the command was too old when it came');
      if (command.kind === 'send_message') return await messages.send(command, principal);
      const objection = await objectionTo(command, principal);
      if (objection !== null) return objection;
      const outcome = await once<CommandAnswer>(
        {
          owner: `${principal.tenant}\n${principal.user}`,
          key,
          what: JSON.stringify(command),
          waitMs: expiresInMs,
        },
        () => carryOutOnce({ command, key, expiresInMs }, principal),
      );
      if (outcome.name === 'answer') return outcome.answer;
      return outcome.name === 'reused'
        ? refusal('key_reused', 'this key was used for another command')
        : {
            ...refusal('unanswered', 'the same command is under way and brought no result in time'),
            nothingDone: false,
          };
    } catch (error) {
      logger.warn({ err: error, kind: command.kind }, 'a command can’t be carried out');
      return refusal('unavailable', 'commands can’t be carried out just now');
    }
  }

  /** What speaks against it before anything is begun. */
  async function objectionTo(
    command: DoneOnce,
    { tenant, scopes }: Principal,
  ): Promise<CommandAnswer | null> {
    if (Object.values(command).some((value) => controls.test(value)))
      return refusal('invalid', 'a command must not hold control characters');
    if (command.kind === 'acknowledge') return null;
    if (!scopes.has('calls:control'))
      return refusal('not_allowed', 'the token does not allow making and ending calls');
    const isKnown = await database.forTenant(tenant, async (_em, transaction) => {
      const [statement, parameters] = questionAbout(command);
      return (await transaction.query(statement, parameters)).length > 0;
    });
    return isKnown ? null : refusal('invalid', 'there is no such PBX or call');
  }

  /** Whatever happens here is the answer for ever, so nothing is thrown. */
  async function carryOutOnce(
    { command, key, expiresInMs }: Pick<Command, 'key' | 'expiresInMs'> & { readonly command: DoneOnce },
    principal: Principal,
  ): Promise<CommandAnswer> {
    try {
      if (command.kind === 'acknowledge') return await acknowledge(command.notification, principal);
      const id = createHash('sha256').update(`${principal.tenant}\n${principal.user}\n${key}`).digest('hex');
      return await control(command, id, expiresInMs);
    } catch (error) {
      if (error instanceof CommandError) return refusalOf(error);
      logger.warn({ err: error, kind: command.kind }, 'a command failed');
      return { ...refusal('unanswered', 'it failed while it was carried out'), nothingDone: false };
    }
  }

  async function control(
    command: HangUp | Originate,
    id: string,
    deadlineMs: number,
  ): Promise<CommandAnswer> {
    if (command.kind === 'hang_up') {
      const done = await pbxCommands.send(
        command.pbx,
        { kind: 'hangUp', call: command.call },
        { deadlineMs },
      );
      return { ok: true, result: { gone: done === 'gone' } };
    }
    const { from, to, callerName } = command;
    const wish = {
      kind: 'originate',
      from,
      to,
      id,
      ...(callerName !== undefined && { callerName }),
    } as const;
    const { call } = await pbxCommands.send(command.pbx, wish, { deadlineMs });
    return { ok: true, result: { call } };
  }

  /** The other devices of the user are told by the feed, like everything else that happens. */
  async function acknowledge(notification: string, { tenant, user }: Principal): Promise<CommandAnswer> {
    const row = { user, notification, at: new Date().toISOString() };
    const payload = JSON.stringify({ notification_acknowledged: [row] });
    await feed.deliver([{ tenant, id: '0', payload, traceparent: null }]);
    return { ok: true, result: {} };
  }

  return { carryOut };
}

/** Both tables lie behind the walls between tenants. */
function questionAbout(command: HangUp | Originate): [string, unknown[]] {
  return command.kind === 'hang_up'
    ? ['select 1 from call where pbx_id = $1 and call_key = $2', [command.pbx, command.call]]
    : ['select 1 from pbx where id = $1 and removed_at is null', [command.pbx]];
}

const problemOf: Readonly<Record<PbxProblem, readonly [CommandProblem, nothingDone: boolean]>> = {
  nobody: ['unavailable', true],
  'too-late': ['expired', true],
  refused: ['refused', true],
  'not-connected': ['unavailable', true],
  invalid: ['invalid', true],
  queue: ['unavailable', false],
  unanswered: ['unanswered', false],
  failed: ['unanswered', false],
  aborted: ['unanswered', false],
};

function refusalOf({ problem, message }: CommandError): CommandAnswer {
  const [named, nothingDone] = problemOf[problem];
  return { ok: false, problem: named, message, nothingDone };
}
