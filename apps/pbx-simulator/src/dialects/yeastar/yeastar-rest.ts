import { assertNever } from '@trunkline/service-kit';
import type { IncomingMessage } from 'node:http';
import type { DialectContext } from '../dialect.ts';
import { readBody, type HttpAnswer } from '../http-answer.ts';
import { recordingAnswer } from '../recording-answer.ts';
import type { CallLog } from './call-log.ts';
import { wallClock } from './details.ts';
import { reply, type YeastarReply } from './errors.ts';
import { SERIAL } from './event-frames.ts';
import { callActions } from './rest-calls.ts';
import { extensionList, listLog, monitorList, queryCalls, recordingList, searchLog } from './rest-lists.ts';
import type { Tokens } from './tokens.ts';

export const API = '/openapi/v1.0/';
const DOWNLOADS = '/api/download/';

/** How a list that fails is answered. */
export type Manner = 'whole' | 'torn';

export interface RestResult {
  readonly answer: HttpAnswer;
  readonly manner: Manner;
}

interface Question {
  readonly endpoint: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly source: string;
}

/** The vendor's REST interface: what is asked, who may ask, and what is answered. */
export class YeastarRest {
  readonly #context: DialectContext;
  readonly #tokens: Tokens;
  readonly #log: CallLog;

  constructor(context: DialectContext, tokens: Tokens, log: CallLog) {
    this.#context = context;
    this.#tokens = tokens;
    this.#log = log;
  }

  async handle(request: IncomingMessage, source: string): Promise<RestResult> {
    this.#context.tallies.requests += 1;
    const url = new URL(request.url ?? '/', 'http://pbx');
    if (url.pathname.startsWith(DOWNLOADS)) return this.#download(url);
    if (!url.pathname.startsWith(API)) return whole({ status: 404, body: '' });
    const endpoint = url.pathname.slice(API.length);
    const text = request.method === 'POST' ? await readBody(request) : '{}';
    const body = parseObject(text);
    if ((request.headers['user-agent'] ?? '') === '') return said(reply('parameter'));
    if (body === null) return said(reply('syntax'));
    return await this.#answer({ endpoint, query: url.searchParams, body, source });
  }

  async #answer(question: Question): Promise<RestResult> {
    const { guard, faults } = this.#context;
    const { endpoint, query, source } = question;
    if (endpoint === 'get_token') return said(this.#getToken(question));
    if (endpoint === 'refresh_token') return said(this.#refreshToken(question));
    if (guard.blockedUntil(source) !== null) return said(this.#blocked(source));
    if (faults.has('unavailable')) return said(reply('serverError'));
    // The token is a part of the address; one in a header is not seen.
    const token = query.get('access_token');
    if (!this.#tokens.isGood(token)) return said(reply('tokenExpired'));
    if (endpoint === 'del_token') {
      this.#tokens.revoke(token ?? '');
      return said(reply('success'));
    }
    if (endpoint === 'extension/list') return await this.#list(this.#extensions(query), 'rows');
    if (endpoint === 'call/query') return await this.#calls(query);
    return said(this.#other(question));
  }

  #getToken({ body, source }: Question): YeastarReply {
    const { credential, guard, faults } = this.#context;
    if (faults.has('unavailable')) return reply('serverError');
    const right = body['username'] === credential.username && body['password'] === credential.secret;
    const result = guard.attempt(source, right);
    if (result === 'blocked') return this.#blocked(source);
    if (result === 'refused')
      return guard.blockedUntil(source) === null ? reply('parameter') : this.#blocked(source);
    const pair = this.#tokens.issue();
    return pair === null ? reply('limit') : reply('success', pair);
  }

  #refreshToken({ body, source }: Question): YeastarReply {
    const { guard, faults } = this.#context;
    if (guard.blockedUntil(source) !== null) return this.#blocked(source);
    if (faults.has('unavailable')) return reply('serverError');
    const refresh = body['refresh_token'];
    const pair = typeof refresh === 'string' ? this.#tokens.refresh(refresh) : null;
    return pair === null ? reply('tokenExpired') : reply('success', pair);
  }

  #blocked(source: string): YeastarReply {
    const until = this.#context.guard.blockedUntil(source) ?? 0;
    return reply('blocked', { block_expire_time: Math.ceil(this.#context.clock.at(until) / 1000) });
  }

  async #calls(query: URLSearchParams): Promise<RestResult> {
    const { tallies, exchange } = this.#context;
    const answer = queryCalls(exchange.open.values(), query);
    if (query.has('call_id')) return said(answer);
    // A client asks direction by direction; that is one snapshot.
    if ((query.get('type') ?? 'inbound').toLowerCase() === 'inbound') tallies.snapshots += 1;
    return await this.#list(answer, 'torn');
  }

  #extensions(query: URLSearchParams): YeastarReply {
    return extensionList([...this.#context.exchange.phones.values()], query);
  }

  /** A list, or what a snapshot fault makes of it: rows that are missing, an answer that breaks off. */
  async #list(answer: YeastarReply, partial: 'rows' | 'torn'): Promise<RestResult> {
    const { faults, timers } = this.#context;
    const fault = faults.get('snapshot');
    const mode = fault?.mode ?? 'ok';
    switch (mode) {
      case 'failing':
        return said(reply('failure'));
      case 'slow':
        await new Promise<void>((resolve) => void timers.after(fault?.ms ?? 3_000, resolve));
        return said(answer);
      case 'partial': {
        const { data } = answer;
        if (partial === 'rows' && Array.isArray(data))
          return said({ ...answer, data: data.slice(0, data.length >> 1) });
        return { ...said(answer), manner: 'torn' };
      }
      case 'ok':
        return said(answer);
      default:
        return assertNever(mode, 'mode of a snapshot');
    }
  }

  #other({ endpoint, query, body }: Question): YeastarReply {
    const { exchange, clock, pickUpLater } = this.#context;
    const act = callActions[endpoint];
    if (act !== undefined) return act({ exchange, pickUpLater }, body);
    switch (endpoint) {
      case 'system/information':
        return reply('success', {
          device_name: 'P560',
          product: 'P560',
          sn: SERIAL,
          firmware_version: '37.23.0.83',
          system_time: wallClock(clock.now()),
          up_time: uptime(clock.now() - clock.startedAt()),
        });
      case 'extension_status_monitor/list':
        return monitorList([...exchange.phones.values()], query);
      case 'cdr/search':
        return searchLog(this.#log, query);
      case 'cdr/list':
        return listLog(this.#log, query);
      case 'recording/list':
      case 'recording/search':
        return recordingList(this.#log, query);
      case 'recording/download':
        return this.#recording(query);
      default:
        return reply('noInterface');
    }
  }

  #recording(query: URLSearchParams): YeastarReply {
    if (this.#context.faults.get('recordings')?.how === 'missing') return reply('notFound');
    const row = this.#log.recordings.find(
      ({ id, details }) => String(id) === query.get('id') || details.recording === query.get('file'),
    );
    if (row === undefined) return reply('notFound');
    const file = row.details.recording;
    return reply('success', { file, download_resource_url: `${DOWNLOADS}${encodeURIComponent(file)}` });
  }

  #download(url: URL): RestResult {
    const { faults } = this.#context;
    const file = decodeURIComponent(url.pathname.slice(DOWNLOADS.length));
    const known = this.#log.recordings.some(({ details }) => details.recording === file);
    if (!this.#tokens.isGood(url.searchParams.get('access_token'))) return said(reply('tokenExpired'));
    if (!known || faults.get('recordings')?.how === 'expired') return whole({ status: 404, body: '' });
    return recordingAnswer(faults);
  }
}

function said(answer: YeastarReply): RestResult {
  return whole({ status: 200, body: JSON.stringify(answer) });
}

function whole(answer: HttpAnswer): RestResult {
  return { answer, manner: 'whole' };
}

function parseObject(text: string | null): Readonly<Record<string, unknown>> | null {
  try {
    const parsed: unknown = JSON.parse(text ?? '');
    return typeof parsed === 'object' && parsed !== null
      ? (parsed as Readonly<Record<string, unknown>>)
      : null;
  } catch {
    return null;
  }
}

function uptime(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  return `${Math.floor(minutes / 1440)} days ${Math.floor(minutes / 60) % 24}:${String(minutes % 60).padStart(2, '0')}`;
}
