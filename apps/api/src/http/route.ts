import type { Principal, Scope } from '@trunkline/access';
import type { Readable } from 'node:stream';
import type * as v from 'valibot';
import type { ApiContext } from '../api-context.ts';
import type { ProblemKind } from './problem.ts';

type Schema = v.GenericSchema<unknown, unknown>;

export interface RouteRequest<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly principal: Principal;
  /** What is sent to a route that takes a file, as it comes in. */
  readonly file?: Readable;
  /** Carried on into jobs and the audit. */
  readonly traceparent: string | undefined;
}

export interface RouteAnswer {
  /** 200 unless given. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** One route: what it wants, what it answers, and who may use it. Checking and the OpenAPI document follow from this. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** As OpenAPI writes it: `/v1/calls/{pbx}/{call}`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly scope: Scope;
  readonly params?: Schema;
  readonly query?: Schema;
  readonly body?: Schema;
  /** The shape of the answer, by the status of success. */
  readonly answers: Readonly<Record<number, { readonly description: string; readonly schema: Schema }>>;
  /** `none`: nothing in it is a phone number, and what looks like one, such as a part of an address, is shown as it is. */
  readonly numbers?: 'none';
  /** `csv`: its body is a list of flat rows, which is sent as a file for spreadsheets. `file`: its body is a stream that is one already. */
  readonly as?: 'csv' | 'file';
  /** It takes a file of any size as its body, of one of these types, and deals with the limits itself. */
  readonly takes?: readonly string[];
  /** It shows a secret this once: where the answer is kept for an Idempotency-Key, it is kept sealed. */
  readonly showsSecret?: true;
  /** What may go wrong beyond what may on every route. */
  readonly problems?: readonly ProblemKind[];
  readonly handle: (request: RouteRequest<never, never, never>, context: ApiContext) => Promise<RouteAnswer>;
}

/** What changes something: it is audited, and takes an Idempotency-Key. */
export const isWrite = ({ method }: Pick<Route, 'method'>): boolean => method !== 'GET';

/** A file that is sent again can't be compared with the one before; what it becomes is harmless until it is started. */
export const isRepeatable = (route: Pick<Route, 'method' | 'takes'>): boolean =>
  isWrite(route) && route.takes === undefined;

type OutputOf<Given> = Given extends Schema ? v.InferOutput<Given> : undefined;

interface TypedRoute<
  Params extends Schema | undefined,
  Query extends Schema | undefined,
  Body extends Schema | undefined,
> extends Omit<Route, 'params' | 'query' | 'body' | 'handle'> {
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  readonly handle: (
    request: RouteRequest<OutputOf<Params>, OutputOf<Query>, OutputOf<Body>>,
    context: ApiContext,
  ) => Promise<RouteAnswer>;
}

/** Ties the types of a handler's input to the schemas that have checked it. */
export const defineRoute = <
  Params extends Schema | undefined = undefined,
  Query extends Schema | undefined = undefined,
  Body extends Schema | undefined = undefined,
>(
  route: TypedRoute<Params, Query, Body>,
): Route => route as unknown as Route;
