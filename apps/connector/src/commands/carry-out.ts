import { RefusalError, type PbxConnection } from '@trunkline/pbx';
import type { Command, CommandContext, Outcome } from '@trunkline/pbx-commands';
import { assertNever } from '@trunkline/service-kit';
import type { SnapshotKeeper } from '../snapshots/snapshot-keeper.ts';

/** The link as a command finds it. */
export type CommandedLink =
  | {
      readonly live: true;
      readonly connection: PbxConnection;
      readonly snapshots: Pick<SnapshotKeeper, 'ask'>;
    }
  | { readonly live: false; readonly state: string };

/** Carries a command out on a live link. A link that is not live refuses clearly, so that nobody waits for it. */
export async function carryOut(
  link: CommandedLink,
  command: Command,
  { signal }: CommandContext,
): Promise<Outcome> {
  if (!link.live)
    return { ok: false, problem: 'not-connected', message: `the link to the PBX is not live: ${link.state}` };
  try {
    return { ok: true, result: await resultOf(link, command, signal) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (error instanceof RefusalError) return { ok: false, problem: 'refused', message };
    return { ok: false, problem: 'failed', message };
  }
}

function resultOf(
  { connection, snapshots }: Extract<CommandedLink, { live: true }>,
  command: Command,
  signal: AbortSignal,
): Promise<Extract<Outcome, { ok: true }>['result']> {
  switch (command.kind) {
    case 'snapshot':
      return snapshots.ask(signal);
    case 'isAlive':
      return connection.isAlive(command.call, signal);
    case 'originate': {
      const { from, to, callerName, id } = command;
      return connection.originate({ from, to, callerName, id }, signal);
    }
    case 'hangUp':
      return connection.hangUp(command.call, signal);
    default:
      return assertNever(command, 'command');
  }
}
