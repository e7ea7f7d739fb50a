import type { Ending, Handlers, Stream } from './stream.ts';

export interface HttpStreamOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A longer line is cut: what is left of it does not parse, and becomes a dead letter that says what it was. */
const mostOfLine = 1 << 20;

/** Of an answer that was refused, for people. */
const mostOfReason = 300;

/** A streaming HTTP answer as lines; empty ones are signs of life. It is read no faster than messages are taken. */
export const openHttpStream = ({ url, headers }: HttpStreamOptions, handlers: Handlers): Stream => {
  const stop = new AbortController();
  const follow = async (): Promise<void> => {
    const response = await fetch(url, { headers, signal: stop.signal, redirect: 'error' });
    if (!response.ok || response.body === null) {
      const says = (await response.text()).replaceAll(/\s+/g, ' ').slice(0, mostOfReason);
      const why = `answered ${response.status} ${says}`.trim();
      const { status } = response;
      return handlers.ended({ reason: `refused_${status}`, why, status, ...retryOf(response) });
    }
    handlers.alive();
    const lines = createLines(handlers);
    const decoder = new TextDecoder();
    for await (const chunk of response.body) {
      lines.push(decoder.decode(chunk, { stream: true }));
      await handlers.room();
    }
    handlers.ended({ reason: 'closed', why: 'ended the stream' });
  };
  follow().catch((error: unknown) => {
    if (stop.signal.aborted) return;
    handlers.ended({ reason: 'failed', why: `failed: ${reasonOf(error)}` });
  });
  return { close: () => stop.abort() };
};

const reasonOf = (error: unknown): string => {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
};

const createLines = ({ message, alive }: Handlers) => {
  let begun = '';
  let isCut = false;
  const end = (rest: string): void => {
    const line = isCut ? begun : (begun + rest).replace(/\r$/, '');
    begun = '';
    isCut = false;
    if (line.trim() === '') alive();
    else message(line);
  };
  return {
    push: (text: string): void => {
      const parts = text.split('\n');
      for (const part of parts.slice(0, -1)) end(part);
      const last = parts.at(-1) ?? '';
      if (last !== '') alive();
      if (isCut) return;
      begun += last;
      if (begun.length <= mostOfLine) return;
      begun = begun.slice(0, mostOfLine);
      isCut = true;
    },
  };
};

/**
 * When a server says that it will answer again: `x-rate-limit-reset` in seconds since the epoch (X) or ISO 8601 (Mastodon), or
 * `retry-after` in seconds.
 */
const retryOf = ({ headers, status }: Response): Pick<Ending, 'retryAt' | 'retryAfterMs'> => {
  // X tells of its limits with every answer; only where they are reached do they count.
  const isLimited = status === 429 || status === 420;
  const reset = isLimited ? (headers.get('x-rate-limit-reset') ?? headers.get('x-ratelimit-reset')) : null;
  const retryAt = reset !== null && /^\d+$/.test(reset) ? Number(reset) * 1000 : Date.parse(reset ?? '');
  const after = headers.get('retry-after') ?? '';
  return {
    ...(!Number.isNaN(retryAt) && { retryAt }),
    ...(/^\d+$/.test(after) && { retryAfterMs: Number(after) * 1000 }),
  };
};
