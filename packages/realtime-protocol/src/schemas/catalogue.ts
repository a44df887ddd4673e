import type { DataType, RowsByType } from '../data-types.ts';
import type { Down, DownType } from '../down.ts';
import type { ProblemKind } from '../endings.ts';
import type { TopicKind } from '../topics.ts';
import type { Up, UpType } from '../up.ts';

/**
 * What topics, messages and their fields tell, in a phrase each, for the catalogue in the documentation. What is new without a
 * word here does not compile.
 */
type Fields<Of> = { readonly [Field in Exclude<keyof Of, 'type'> & string]-?: string };
type KeysOfAll<Union> = Union extends unknown ? keyof Union : never;
type FieldsOfAll<Union> = { readonly [Field in Exclude<KeysOfAll<Union>, 'type'> & string]-?: string };

interface About<Of> {
  readonly says: string;
  readonly fields: Fields<Of>;
}

export const topicsAbout: { readonly [Kind in TopicKind]: string } = {
  calls: 'The open calls and what becomes of them; with a phone as key, those of that phone.',
  extensions: 'What each phone does.',
  pbx: 'How the links to PBXs stand.',
  recordings: 'Recordings that became ready, and what becomes of their sound.',
  cleanup: 'What was cleaned up: after lost links, by snapshots and by sweeps.',
  imports: 'How one import of contacts goes on.',
  user: 'What concerns one user on all devices.',
  conversation: 'What is written in one conversation.',
  dialer: 'The parallel dialer. Nobody sends it yet.',
};

export const upAbout: { readonly [Type in UpType]: About<Extract<Up, { type: Type }>> } = {
  auth: {
    says: 'A token: the first one where none was offered beside the subprotocol, or the next one before the present one expires.',
    fields: { token: 'The access token, a JWT.' },
  },
  subscribe: {
    says: 'Wants topics. Each is answered by itself: `replayed`, `reset` or `error`.',
    fields: { topics: 'Which, each with the place up to which it was heard, if it was.' },
  },
  resume: {
    says: 'The same after a reconnect: every topic at once.',
    fields: { topics: 'Which, each with the place up to which it was heard.' },
  },
  unsubscribe: { says: 'Wants topics no more.', fields: { topics: 'Which.' } },
  ping: { says: 'Asks whether the server is there.', fields: { id: 'Comes back in the `pong`.' } },
  pong: { says: 'Answers a `ping` of the server.', fields: { id: 'That of the `ping`.' } },
  command: {
    says: 'Wants something done, at most once.',
    fields: {
      id: 'Comes back in the `result`.',
      key: 'Names the wish itself, and stays the same when it is sent again.',
      expiresInMs: 'It is not begun after that.',
      command: 'What: its `kind` and what belongs to it.',
    },
  },
};

type Answers = Exclude<DownType, DataType>;
type AnswerAbout<Type extends Answers> = {
  readonly says: string;
  readonly fields: FieldsOfAll<Extract<Down, { type: Type }>>;
};

const place = { epoch: 'Which feed the offset belongs to.', offset: 'Where the client stands now.' };
const whichTopics = { topics: 'Which; left out: all topics of this connection.' };

export const downAbout: { readonly [Type in Answers]: AnswerAbout<Type> } = {
  hello: {
    says: 'The first word of the server, before it knows who is there.',
    fields: {
      version: 'Of the protocol.',
      time: 'The server’s clock: to be shown, never to be compared with a clock of the client.',
      heartbeatMs:
        'How often the server pings. Who hears nothing for two and a half times as long takes the socket for dead.',
      authWithinMs: 'Whoever offered no token has so long to send `auth`.',
      spreadMs: 'After a close that gave no slot: wait a random time up to this before the first attempt.',
      limits: 'What this server takes.',
    },
  },
  connected: {
    says: 'The token is good: topics may be subscribed to, and commands given.',
    fields: {
      connection: 'Names this connection in logs.',
      tenant: 'Whose everything is.',
      user: 'Who that is.',
      scopes: 'What the token allows.',
      expiresInMs: 'The token is good for so long; renew it before.',
    },
  },
  renewed: {
    says: 'The answer to an `auth` that renewed.',
    fields: { scopes: 'What the new token allows.', expiresInMs: 'It is good for so long.' },
  },
  replayed: {
    says: 'What was missed came before this; from here on the topic is live.',
    fields: { topic: 'Which.', ...place, count: 'In how many data messages it came.' },
  },
  reset: {
    says: 'The topic starts anew: a `snapshot` follows, unless it is resumable.',
    fields: {
      topic: 'Which.',
      ...place,
      reason:
        'No position was given; the feed is another one; what lies behind the position is not kept any more; the client read too slowly.',
      resumable: 'The subscription has ended here and nothing is lost: subscribe again with this position.',
    },
  },
  snapshot: {
    says: 'A part of the state. What was known is replaced when the last part has come.',
    fields: {
      topic: 'Which.',
      part: 'Counts from 0.',
      last: 'No other part follows.',
      rows: 'Rows by their type, as in data messages.',
    },
  },
  unsubscribed: { says: 'Nothing of this topic follows.', fields: { topic: 'Which.' } },
  ping: {
    says: 'Asks whether the client is there. With a position: every live topic stands there now, however quiet it is.',
    fields: { id: 'Comes back in the `pong`.', ...place },
  },
  pong: { says: 'Answers a `ping` of the client.', fields: { id: 'That of the `ping`.' } },
  delayed: {
    says: 'What happens may not be told in time. Nothing will be left out.',
    fields: whichTopics,
  },
  fresh: { says: 'Everything that happened until now has been told.', fields: whichTopics },
  moving: {
    says: 'This server stops: open the next socket, then close this one.',
    fields: { afterMs: 'When to open the next one.', closeInMs: 'When this one is closed in any case.' },
  },
  result: {
    says: 'What became of a command.',
    fields: {
      id: 'That of the command.',
      ok: 'Whether it was done.',
      result:
        '`call`: what was made, where the PBX tells; `gone`: it had ended already; `number`: the place of a message.',
      problem: 'Why it was not done, for programs.',
      message: 'The same for people.',
      nothingDone: 'False: it may have been done or not, and nobody knows.',
    },
  },
  error: {
    says: 'Something is wrong. If its kind has a code, the socket closes after it.',
    fields: {
      kind: 'What, for programs.',
      message: 'What, for people who build clients.',
      topic: 'The topic that it is about.',
      retryAfterMs: 'Ask again after so long.',
    },
  },
};

const pbx = 'The id of the PBX.';
const revision = 'Counts the changes of this thing; of two rows the higher one counts.';

const call: Fields<RowsByType['new_call']> = {
  pbx,
  call: 'The PBX’s own name for the call, unique within the PBX.',
  status: 'Where it stands.',
  startedAt: 'When it began.',
  answeredAt: 'When it was answered.',
  answeredApproximate: 'The answer was some time before; only a snapshot told of it.',
  endedAt: 'When it ended.',
  cause: 'Why it ended: one of the causes at the end of this page.',
  talkSeconds: 'How long they talked.',
  direction: 'As seen from the PBX.',
  trunk: 'The trunk, where it leads outside.',
  did: 'The number that was dialled in.',
  callerNumber: 'Who called. Masked without the scope numbers:read.',
  callerName: 'As the PBX tells it.',
  calleeNumber: 'Who was called. Masked without the scope numbers:read.',
  calleeName: 'As the PBX tells it.',
  extensions: 'The phones that take part.',
  phones: 'Those that ever did: whoever follows one of them is told. Null where nobody can say.',
  revision,
};

const recording: Fields<RowsByType['new_recording']> = {
  pbx,
  recording: 'The PBX’s own name for it, mostly a file.',
  call: 'The call that was recorded, where it is known.',
  readyAt: 'When it could be fetched.',
  durationSeconds: 'Its length.',
  id: 'By which the API gives it out.',
  status: 'Whether its sound is here: pending, stored, failed, deleted.',
  bytes: 'The size of the sound, once it is stored.',
  problem: 'Why it is not here.',
  revision,
};

const importRun: Fields<RowsByType['import_progress']> = {
  import: 'The id of the import.',
  revision,
  state: '`waiting`, `running`, `complete`, `failed` or `cancelled`.',
  done: 'How many rows are done.',
  total: 'Of how many: guessed by the bytes until the end is read.',
  bytes: 'How large the file is.',
  bytesDone: 'How much of it is done.',
  created: 'Rows that became contacts.',
  updated: 'Rows that changed contacts.',
  unchanged: 'Rows that said nothing new.',
  skipped: 'Rows about contacts that were to be left alone.',
  rejected: 'Rows that were refused; the API has them with the reasons.',
  startedAt: 'When a worker began with it.',
  finishedAt: 'When it ended.',
  message: 'What went wrong.',
};

const dialer: Fields<RowsByType['parallel_call_started']> = {
  id: 'Names the dialled call.',
  call: 'The call that it became.',
  status: 'How it stands.',
};

const conversation: Fields<RowsByType['chat_message']> = {
  conversation: 'The id of the conversation.',
  id: 'The name that its author gave the message.',
  number: 'Its place in the conversation, from 1 on: what comes twice has the same one.',
  author: 'Who wrote it.',
  text: 'What was written.',
  at: 'When it was stored.',
  summary_triggered: 'Of `extraction_complete`: a summary is being made.',
};

type RowAbout<Type extends DataType> = About<RowsByType[Type]>;

export const rowsAbout: { readonly [Type in DataType]: RowAbout<Type> } = {
  new_call: { says: 'A call at its first revision.', fields: call },
  call_update: { says: 'A call that has changed.', fields: call },
  extension_update: {
    says: 'A phone that has changed.',
    fields: {
      pbx,
      extension: 'The phone’s number.',
      name: 'What the PBX calls it.',
      status: 'What it does.',
      lastSeenAt: 'When that was last known.',
      revision,
    },
  },
  new_recording: { says: 'A recording that became ready; its sound is fetched now.', fields: recording },
  recording_update: {
    says: 'More is known of a recording, or its sound was stored, given up or deleted.',
    fields: recording,
  },
  link_update: {
    says: 'How the link to a PBX stands.',
    fields: {
      pbx,
      state: 'The state of the link, such as live, waiting, blocked.',
      reason: 'Why it stands so.',
      since: 'Since when.',
      nextAttemptAt: 'When it is tried next.',
      alarm: 'What a person should do about it.',
      open: 'Whether the PBX talks to us.',
      product: 'What the PBX says that it is.',
      warnings: 'What should be set up on the PBX.',
      snapshotAt: 'When all of it was last taken.',
      revision,
      name: 'What people call the PBX. In snapshots only, as the three below.',
      vendor: 'By which adapter it is spoken to.',
      enabled: 'Whether it is to be connected to.',
      held: 'Somebody holds the link; if not, nobody knows how it stands.',
    },
  },
  'pbx-connected': {
    says: 'The link is open.',
    fields: { pbx, version: 'Compared as a number; the highest counts.', since: 'Since when.' },
  },
  'pbx-disconnected': {
    says: 'The link is lost.',
    fields: {
      pbx,
      version: 'Compared as a number; the highest counts.',
      since: 'Since when.',
      cause: 'pbx_disconnected or pbx_restarted.',
      reason: 'What happened, in words.',
      cleanup: 'What was done about it, counted; null while a grace period runs.',
      graceMs: 'How long that lasts.',
    },
  },
  cleanup_run: {
    says: 'A cleanup, as it goes on and when it is done.',
    fields: {
      id: 'Names the cleanup.',
      pbx: 'Of which PBX; null for a sweep.',
      kind: 'disconnect, reconcile or sweep.',
      version: 'The event that it answers.',
      cause: 'What calls were ended with.',
      reason: 'What happened, in words.',
      happenedAt: 'When that was.',
      counts: 'What was done, counted.',
      spared: 'The link was back within the grace period, and nothing had to be done.',
      dueAt: 'When a grace period ends.',
      startedAt: 'When it began.',
      finishedAt: 'When it was done.',
      revision,
    },
  },
  import_progress: { says: 'An import goes on.', fields: importRun },
  import_complete: { says: 'It is done.', fields: importRun },
  import_error: { says: 'It failed, or was cancelled.', fields: importRun },
  parallel_call_started: { says: 'A number is dialled.', fields: dialer },
  parallel_call_status: { says: 'How that goes.', fields: dialer },
  parallel_call_connected: { says: 'Somebody answered.', fields: dialer },
  parallel_call_ended: { says: 'It is over.', fields: dialer },
  'conference-ready': { says: 'The conference of the dialler can be joined.', fields: dialer },
  notification: {
    says: 'Something for one user. Nobody sends it yet.',
    fields: { user: 'For whom.', notification: 'Names it.', title: 'In a few words.', text: 'In more.' },
  },
  notification_acknowledged: {
    says: 'Some device of the user has acknowledged it.',
    fields: { user: 'Whose.', notification: 'Which.', at: 'When.' },
  },
  chat_message: { says: 'A message in a conversation.', fields: conversation },
  chat_reply: {
    says: 'What the assistant of a conversation says. Nobody sends it yet.',
    fields: conversation,
  },
  thinking_start: { says: 'It thinks. Nobody sends it yet.', fields: conversation },
  thinking_end: { says: 'It has done so. Nobody sends it yet.', fields: conversation },
  extraction_start: { says: 'Facts are drawn out of it. Nobody sends it yet.', fields: conversation },
  extraction_complete: { says: 'They are drawn out. Nobody sends it yet.', fields: conversation },
  summary_complete: { says: 'A summary is made. Nobody sends it yet.', fields: conversation },
};

export const problemsAbout: { readonly [Kind in ProblemKind]: string } = {
  malformed: 'Not JSON, not an object, not text, or a known message with fields that make no sense.',
  auth_required: 'No token came in time.',
  auth_failed: 'The token is not good; the message says why.',
  auth_expired: 'The token was good until now.',
  auth_revoked: 'The token, or all tokens of its user, were revoked.',
  auth_unavailable: 'Nobody can say now whether the token is good.',
  forbidden: 'Whoever this is has no business here.',
  heartbeat_missed: 'Nothing was heard of the client for too long, or it took nothing off its socket.',
  too_many_connections: 'Of one user, or of one address.',
  too_many_messages: 'More than the limits of `hello` allow.',
  restarting: 'This process stops.',
  overloaded: 'This process has as many clients as it can serve.',
  internal: 'A mistake of ours.',
  unknown_type: 'A message type that this server does not know.',
  unknown_topic: 'A text that is no topic.',
  not_allowed: 'It needs a scope that the token does not have, or belongs to somebody else.',
  too_many_subscriptions: 'More topics than the limits of `hello` allow.',
  renewal_failed: 'The next token is not good. The present one still counts.',
  unavailable: 'The topic can’t be served just now; the client is not subscribed to it.',
};
