import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { setTimeout as wait } from 'node:timers/promises';
import { type InClusterAccess, type Logger, linesOf } from '@groundswell/process';

export interface WatchOptions {
  readonly access: InClusterAccess;
  /** The ConfigMap that the program is mounted from. */
  readonly name: string;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  /** How long to wait after a failure: the first time, and at most, ms. */
  readonly retryMs?: { readonly first: number; readonly most: number };
}

/** What a ConfigMap says, told by the API server in the moment in which it changes. */
export interface Watched {
  /** What was told last and not taken yet. */
  take(): string | undefined;
  /** Whether the API server would tell of a change now; else the mounted file is the newest that is known. */
  isLive(): boolean;
  /** Resolves after the signal. */
  readonly stopped: Promise<void>;
}

/** The server ends a watch after this, s, and says that it is there once a minute; longer silence is a dead connection. */
const watchSeconds = 290;
const silentMs = 90_000;

const opened = async ({ access, name, signal }: WatchOptions): Promise<IncomingMessage> => {
  const url = new URL(`${access.server}/api/v1/namespaces/${access.namespace}/configmaps`);
  // The right to watch one by its name is the right to watch with exactly this selector.
  url.searchParams.set('fieldSelector', `metadata.name=${name}`);
  url.searchParams.set('watch', 'true');
  url.searchParams.set('allowWatchBookmarks', 'true');
  url.searchParams.set('timeoutSeconds', String(watchSeconds));
  const options = await access.credentials();
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, signal }, resolve);
    sent.setTimeout(silentMs, () => void sent.destroy(new Error(`nothing was heard for ${silentMs} ms`)));
    sent.once('error', reject);
    sent.end();
  });
};

interface WatchEvent {
  readonly type: string;
  readonly object: { readonly data?: Readonly<Record<string, string>> };
}

/** Each text of the ConfigMap, the present one first. @throws Error when the watch was refused or broke */
async function* textsOf(options: WatchOptions): AsyncIterable<string> {
  const response = await opened(options);
  try {
    if (response.statusCode !== 200) throw new Error(`the API server answers ${response.statusCode}`);
    for await (const line of linesOf(response)) {
      const { type, object } = JSON.parse(line) as WatchEvent;
      if (type === 'ERROR') throw new Error('the API server ended the watch');
      const text = object.data?.['program.json'];
      if ((type === 'ADDED' || type === 'MODIFIED') && text !== undefined) yield text;
    }
  } finally {
    response.destroy();
  }
}

/**
 * Watches the ConfigMap of a program for as long as the signal lets it. Where it may not, or the API server is away, it tries again
 * now and then, and the mounted file, which a kubelet takes up to a minute to bring, stands for it.
 */
export const watchProgram = (options: WatchOptions): Watched => {
  const { name, signal, logger, retryMs = { first: 1_000, most: 60_000 } } = options;
  let [text, live] = [undefined as string | undefined, false];
  const run = async (): Promise<void> => {
    for (let failures = 0; !signal.aborted; ) {
      try {
        for await (const told of textsOf(options)) {
          [text, live] = [told, true];
          failures = 0;
        }
      } catch (err) {
        if (failures === 0 && !signal.aborted)
          logger.info({ err, configMap: name }, 'cannot watch the program, following the mounted file until it can');
        failures += 1;
      }
      live = false;
      const waitMs = Math.min(retryMs.most, retryMs.first * 2 ** Math.max(0, failures - 1));
      await wait(waitMs, undefined, { signal }).catch(() => undefined);
    }
  };
  return {
    take: () => {
      const told = text;
      text = undefined;
      return told;
    },
    isLive: () => live,
    stopped: run(),
  };
};
