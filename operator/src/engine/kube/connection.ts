import { type IncomingMessage, request as plainRequest } from 'node:http';
import { Agent, type RequestOptions, request as secureRequest } from 'node:https';
import type { Access } from './access.ts';
import { ApiError, hasCode } from './api-error.ts';

export interface Request {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  readonly signal?: AbortSignal;
  /** No answer for so long ends the request, ms; 30 s. */
  readonly timeoutMs?: number;
}

export interface Connection {
  /** @returns the body, parsed. @throws ApiError for answers other than 2xx */
  ask(request: Request): Promise<unknown>;
  /** The answer as it comes, for watches. @throws ApiError for answers other than 2xx */
  open(request: Request): Promise<IncomingMessage>;
  close(): void;
}

export interface ConnectionOptions {
  /** Told of every request with its answer; 0: there was none. */
  readonly onAnswer?: (request: Request, code: number) => void;
}

/** Credentials are asked for again after this, ms: a token from a file or a plugin may have been renewed. */
const credentialsKeptMs = 30_000;

/**
 * HTTP to the API server. The requests of the Kubernetes client open a new TLS connection each, so these go through one agent that
 * keeps connections. A token that was refused is read anew once.
 */
export const createConnection = (access: Access, { onAnswer }: ConnectionOptions = {}): Connection => {
  const { server } = access;
  const credentials = createCredentials(access);

  const send = async (request: Request): Promise<IncomingMessage> => {
    const { options, agent } = await credentials.get();
    const url = new URL(server.replace(/\/$/, '') + request.path);
    for (const [name, value] of Object.entries(request.query ?? {}))
      if (value !== undefined) url.searchParams.set(name, value);
    return exchange(url, request, { ...options, agent });
  };

  const open = async (request: Request): Promise<IncomingMessage> => {
    try {
      const response = await send(request);
      const code = response.statusCode ?? 0;
      onAnswer?.(request, code);
      if (code >= 200 && code < 300) return response;
      throw new ApiError(`${request.method} ${request.path}`, code, await textOf(response));
    } catch (error) {
      if (!(error instanceof ApiError)) onAnswer?.(request, 0);
      throw error;
    }
  };
  const openAgain = async (request: Request): Promise<IncomingMessage> => {
    try {
      return await open(request);
    } catch (error) {
      if (!hasCode(error, 401) || !credentials.forget()) throw error;
      return open(request);
    }
  };
  return {
    open: openAgain,
    ask: async (request) => {
      const text = await textOf(await openAgain(request));
      return text === '' ? undefined : JSON.parse(text);
    },
    close: () => credentials.close(),
  };
};

const textOf = async (response: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
};

const exchange = (url: URL, request: Request, options: RequestOptions): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const payload = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
    const headers = {
      accept: request.accept ?? 'application/json',
      'user-agent': 'groundswell-operator',
      ...options.headers,
      ...(payload !== undefined && {
        'content-type': request.contentType ?? 'application/json',
        'content-length': String(payload.length),
      }),
    };
    const start = url.protocol === 'https:' ? secureRequest : plainRequest;
    const sent = start(
      url,
      { ...options, method: request.method, headers, ...(request.signal && { signal: request.signal }) },
      (response) => resolve(response),
    );
    const timeoutMs = request.timeoutMs ?? 30_000;
    sent.setTimeout(timeoutMs, () => {
      sent.destroy(new Error(`Cannot ${request.method} ${url.pathname}: no answer for ${timeoutMs} ms`));
    });
    sent.once('error', reject);
    sent.end(payload);
  });

interface Credentials {
  readonly options: RequestOptions;
  readonly agent: Agent | undefined;
}

/** Keeps one agent for as long as the certificates are the same. */
const createCredentials = ({ server, proxied, credentials }: Access) => {
  const secure = server.startsWith('https:');
  let kept: { readonly credentials: Credentials; readonly until: number } | undefined;
  let agent: { readonly of: string; readonly agent: Agent } | undefined;

  const agentFor = ({ ca, cert, key, rejectUnauthorized, servername }: RequestOptions): Agent => {
    const of = [ca, cert, key, rejectUnauthorized, servername].map(String).join('\n');
    if (agent?.of === of) return agent.agent;
    agent?.agent.destroy();
    agent = {
      of,
      agent: new Agent({ ca, cert, key, rejectUnauthorized, servername, keepAlive: true, maxSockets: 64 }),
    };
    return agent.agent;
  };
  return {
    get: async (): Promise<Credentials> => {
      const now = performance.now();
      if (kept !== undefined && now < kept.until) return kept.credentials;
      const { agent: own, ...options } = await credentials();
      const found = { options, agent: proxied === true ? (own as Agent) : secure ? agentFor(options) : undefined };
      kept = { credentials: found, until: now + credentialsKeptMs };
      return found;
    },
    /** Whether it makes sense to try again: they were not fresh. */
    forget: (): boolean => {
      const wasKept = kept !== undefined;
      kept = undefined;
      return wasKept;
    },
    close: () => agent?.agent.destroy(),
  };
};
