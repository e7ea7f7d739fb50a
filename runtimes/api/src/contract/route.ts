import type { ProblemStatus } from '@groundswell/http';
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import type { z } from 'zod';
import type { Scope } from '../access/keys.ts';

export interface ApiEnv {
  Bindings: HttpBindings;
  /** Who asks: the name of a key, or an address. */
  Variables: { caller: string };
}

/** What comes back when all is well. Without `schema` there is no JSON body. */
interface Answer {
  readonly status: 200 | 201 | 202 | 204;
  readonly what: string;
  readonly schema?: z.ZodType;
  /** Absent: application/json. */
  readonly mediaType?: string;
}

/** A request whose parts have passed their schemas. */
interface Asked<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly context: Context<ApiEnv>;
}

export interface RouteSpec<P = unknown, Q = unknown, B = unknown> {
  readonly method: 'get' | 'post' | 'delete';
  /** As in OpenAPI: `/v1/predictions/{id}`. */
  readonly path: string;
  /** Name of the operation, for clients. */
  readonly id: string;
  readonly tag: 'Scores' | 'Windows' | 'Models' | 'Timelines' | 'Pipeline';
  readonly summary: string;
  /** What a key must allow. Absent: `read` for get, `write` for the others. */
  readonly scope?: Scope;
  readonly params?: z.ZodType<P>;
  /** Of texts. A parameter that is not in it is refused. */
  readonly query?: z.ZodType<Q>;
  readonly body?: z.ZodType<B>;
  /** Bytes, where it may be larger than other bodies. */
  readonly maxBody?: number;
  readonly answer: Answer;
  /** Besides those that every request may get: when the problem comes. */
  readonly problems?: Partial<Record<ProblemStatus, string>>;
  /** May be shown again when it is unchanged; else nobody may keep it. */
  readonly cached?: boolean;
  /** The value of the answer's schema, or a whole response. */
  handle(asked: Asked<P, Q, B>): unknown;
}

/** One operation of the API: what it says of itself in the OpenAPI document is what it checks. */
export type Route = RouteSpec<never, never, never>;

export const scopeOf = ({ method, scope }: Route): Scope => scope ?? (method === 'get' ? 'read' : 'write');

export const route = <P = unknown, Q = unknown, B = unknown>(spec: RouteSpec<P, Q, B>): Route =>
  spec as unknown as Route;
