import { setTimeout as wait } from 'node:timers/promises';
import { serverEvents } from '@groundswell/client';
import { PipelineStatus, TopPosts } from '@groundswell/wire';
import { stringify } from 'yaml';
import { request } from '../remote/ask.ts';
import { paintFor } from '../terminal/paint.ts';
import { widthOf } from '../terminal/print.ts';
import { createScreen } from '../terminal/screen.ts';
import { renderStatusLine } from '../terminal/status-line.ts';
import { renderTop } from '../terminal/top.ts';
import { queryOf, type TopOptions } from './top.ts';

/** Between a connection that ended and the next, ms. */
const reconnectMs = 1_000;

/** Where what comes is shown. */
export interface View {
  top(top: TopPosts): void;
  status(status: PipelineStatus): void;
  lost(why: string): void;
}

const screenView = (): View => {
  const { stdout } = process;
  const screen = createScreen(stdout, () => Date.now());
  const paint = paintFor(stdout);
  let shown: TopPosts | undefined;
  let line = '';
  const draw = (): void => {
    if (shown !== undefined) screen.draw([...renderTop(shown, widthOf(stdout), paint), '', paint('dim', line)]);
  };
  return {
    top: (top) => {
      shown = top;
      draw();
    },
    status: (status) => {
      line = renderStatusLine(status);
      draw();
    },
    lost: (why) => {
      line = why;
      draw();
    },
  };
};

/** One document for each change, for other programs. */
const dataView = (output: 'json' | 'yaml'): View => ({
  top: (top) => {
    process.stdout.write(output === 'json' ? `${JSON.stringify(top)}\n` : `---\n${stringify(top)}`);
  },
  status: () => undefined,
  lost: (why) => void process.stderr.write(`${why}\n`),
});

const follow = async (options: TopOptions, view: View, signal: AbortSignal): Promise<void> => {
  const { body } = await request(options.url, `/v1/stream?events=top,status&${queryOf(options)}`, { signal });
  if (body === null) return;
  for await (const { event, data } of serverEvents(body)) {
    if (event === 'top') view.top(TopPosts.parse(JSON.parse(data)));
    if (event === 'status') view.status(PipelineStatus.parse(JSON.parse(data)));
  }
};

/** Shows the top until the signal. Whoever cannot be reached at first is an error; a connection that ends later is made anew. */
export const watchUntil = async (signal: AbortSignal, options: TopOptions, view: View): Promise<void> => {
  let isFirst = true;
  while (!signal.aborted) {
    try {
      await follow(options, view, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (isFirst) throw error;
    }
    isFirst = false;
    if (signal.aborted) return;
    view.lost(`${options.url} does not answer, trying again`);
    await wait(reconnectMs, undefined, { signal }).catch(() => undefined);
  }
};

/** The top, live, until Ctrl-C. */
export const watch = async (options: TopOptions): Promise<void> => {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort());
  // The reader of a pipe went away: `| head` has seen enough.
  process.stdout.on('error', () => stopping.abort());
  await watchUntil(stopping.signal, options, options.output === 'table' ? screenView() : dataView(options.output));
};
