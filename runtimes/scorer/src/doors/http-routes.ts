import type { IncomingHttpHeaders } from 'node:http';
import { ScoreRequest } from '@groundswell/wire';
import { decodeJson, encodeJson } from '../oip/json.ts';
import { invalid, ProtocolError } from '../oip/status.ts';
import type { RequestContext } from './context.ts';
import type { Inference } from './inference.ts';

interface Given {
  readonly body: Buffer;
  readonly headers: IncomingHttpHeaders;
  readonly context: RequestContext;
}

export interface Reply {
  readonly json: string | Buffer;
  /** Behind the JSON. */
  readonly binary?: readonly Uint8Array[];
  readonly status?: number;
}

interface Route {
  /** That it is about; empty: none. */
  readonly model: string;
  readonly answer: (given: Given) => Reply | Promise<Reply>;
}

/** Finds what answers a request; an error where nothing does. */
export type Routes = (method: string, url: string) => Route | ProtocolError;

type Handler = (of: { readonly model: string; readonly version: string }, given: Given) => Reply | Promise<Reply>;

interface Entry {
  readonly method: 'GET' | 'POST';
  readonly handle: Handler;
}

const json = (value: unknown): Reply => ({ json: JSON.stringify(value) });
/** Not ready is no error, but the status says it to probes, as the protocol wants. */
const flag = (value: object, holds: boolean): Reply => ({ json: JSON.stringify(value), status: holds ? 200 : 503 });

/** Those without names in their paths. */
const serverEntries = (inference: Inference): Readonly<Record<string, Entry>> => ({
  '/v1/score': { method: 'POST', handle: (_, given) => score(inference, given) },
  '/v2': { method: 'GET', handle: () => json(inference.serverMetadata()) },
  '/v2/health/live': { method: 'GET', handle: () => json({ live: true }) },
  '/v2/health/ready': {
    method: 'GET',
    handle: () => flag({ ready: inference.repository.isReady() }, inference.repository.isReady()),
  },
  '/v2/repository/index': {
    method: 'POST',
    handle: (_, { body }) => json(inference.repository.index(readyOf(body))),
  },
});

/** By what follows the name and version of a model. */
const modelEntries = (inference: Inference): Readonly<Record<string, Entry>> => ({
  '': { method: 'GET', handle: ({ model, version }) => json(inference.modelMetadata(model, version)) },
  '/ready': {
    method: 'GET',
    handle: ({ model, version }) => {
      const ready = inference.isModelReady(model, version);
      return flag({ name: model, ready }, ready);
    },
  },
  '/infer': { method: 'POST', handle: (of, given) => infer(inference, of, given) },
});

const readyOf = (body: Buffer): boolean => {
  if (body.length === 0) return false;
  try {
    return (JSON.parse(body.toString('utf8')) as { ready?: unknown } | null)?.ready === true;
  } catch {
    throw invalid('Cannot read the request: it is no JSON, an object as {"ready": true} is needed');
  }
};

const score = async (inference: Inference, { body, context }: Given): Promise<Reply> => {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw invalid('Cannot read the request: it is no JSON, an object with post_ids, events or as_if is needed');
  }
  const parsed = ScoreRequest.safeParse(value);
  if (parsed.success) return json(await inference.score(parsed.data, context));
  const [issue] = parsed.error.issues;
  throw invalid(`Cannot read the request: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
};

const infer = async (
  inference: Inference,
  of: { readonly model: string; readonly version: string },
  { body, headers, context }: Given,
): Promise<Reply> => {
  const { request, isBinary } = decodeJson(...split(body, headers), of);
  return encodeJson(await inference.infer(request, context), isBinary);
};

/** The JSON, and the tensors behind it. */
const split = (body: Buffer, headers: IncomingHttpHeaders): [Buffer, Buffer] => {
  const header = headers['inference-header-content-length'];
  if (header === undefined) return [body, body.subarray(body.length)];
  const length = Number(header);
  if (!/^\d+$/.test(String(header)) || length > body.length)
    throw invalid(
      `Cannot read the request: Inference-Header-Content-Length is ${String(header)}, the body has ${body.length} bytes`,
    );
  return [body.subarray(0, length), body.subarray(length)];
};

const modelPath = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?(\/ready|\/infer)?$/;

export const routesOf = (inference: Inference): Routes => {
  const server = serverEntries(inference);
  const models = modelEntries(inference);
  const enter = (entry: Entry | undefined, method: string, path: string): Entry | ProtocolError => {
    if (entry === undefined)
      return new ProtocolError('NotFound', `Cannot find ${path}: nothing is served there, GET /v2 says what is`);
    if (entry.method === method || (method === 'HEAD' && entry.method === 'GET')) return entry;
    return new ProtocolError('MethodNotAllowed', `Cannot ${method} ${path}: ${entry.method} is needed`);
  };
  return (method, url) => {
    const query = url.indexOf('?');
    const path = query === -1 ? url : url.slice(0, query);
    const named = modelPath.exec(path);
    if (named === null) {
      const entry = enter(Object.hasOwn(server, path) ? server[path] : undefined, method, path);
      return entry instanceof ProtocolError
        ? entry
        : { model: '', answer: (given) => entry.handle({ model: '', version: '' }, given) };
    }
    const of = { model: decoded(named[1] ?? ''), version: decoded(named[2] ?? '') };
    const entry = enter(models[named[3] ?? ''], method, path);
    return entry instanceof ProtocolError ? entry : { model: of.model, answer: (given) => entry.handle(of, given) };
  };
};

const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};
