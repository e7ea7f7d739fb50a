import type { components } from './schema.ts';
import { serverEvents } from './server-events.ts';

type Schemas = components['schemas'];

/** What can be followed, and what each state is. */
interface States {
  top: Schemas['TopPosts'];
  status: Schemas['PipelineStatus'];
  /** null where the pipeline declares none. */
  heatmap: Schemas['Heatmap'] | null;
  rollouts: Schemas['Rollouts'];
}

/** A whole state, as the request of that name answers it. */
export type Heard = { [Name in keyof States]: { readonly event: Name; readonly data: States[Name] } }[keyof States];

export interface Following {
  /** Absent: the top. */
  readonly events?: readonly (keyof States)[];
  readonly limit?: number;
  readonly model?: string;
  readonly signal?: AbortSignal;
}

interface Api {
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: typeof globalThis.fetch;
}

const [firstPauseMs, longestPauseMs] = [1_000, 30_000];

const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });

/** Another try makes no difference to these, until somebody changes something. */
const isFinal = (status: number): boolean => status >= 400 && status < 500 && status !== 429;

const problemOf = async (response: Response): Promise<Error> => {
  const { detail } = (await response.json().catch(() => ({}))) as { readonly detail?: string };
  return new Error(detail ?? `Cannot follow ${response.url}: it answers ${response.status}`);
};

/** @throws Error with the detail of the problem, where the API says that the request is wrong */
export async function* follow({ baseUrl, headers, fetch }: Api, following: Following): AsyncGenerator<Heard> {
  const { events = ['top'], limit, model, signal } = following;
  const query = new URLSearchParams({
    events: events.join(),
    ...(limit !== undefined && { limit: String(limit) }),
    ...(model !== undefined && { model }),
  });
  let seen: string | undefined;
  let pauseMs = firstPauseMs;
  const isOver = (): boolean => signal?.aborted === true;
  while (!isOver()) {
    try {
      const response = await fetch(`${baseUrl}/v1/stream?${query}`, {
        headers: { ...headers, ...(seen !== undefined && { 'last-event-id': seen }) },
        ...(signal !== undefined && { signal }),
      });
      if (isFinal(response.status)) throw await problemOf(response);
      if (response.ok && response.body !== null)
        for await (const { event, id, data } of serverEvents(response.body)) {
          pauseMs = firstPauseMs;
          seen = id ?? seen;
          yield { event, data: JSON.parse(data) } as Heard;
        }
    } catch (error) {
      // What fetch throws for a connection that fails or breaks.
      if (!isOver() && !(error instanceof TypeError)) throw error;
    }
    if (isOver()) return;
    await pause(pauseMs, signal);
    pauseMs = Math.min(longestPauseMs, pauseMs * 2);
  }
}
