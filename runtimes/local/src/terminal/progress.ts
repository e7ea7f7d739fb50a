import { formatInteger, formatTime } from './format.ts';

/** A line of progress that overwrites itself on a terminal, and comes now and then elsewhere. */
export interface ProgressLine {
  show(text: string): void;
  /** A line that stays. */
  say(text: string): void;
  end(): void;
}

/** Where nobody watches, a line of progress at most this often, ms. */
const plainEveryMs = 5_000;

export const createProgressLine = (to: NodeJS.WriteStream, now: () => number): ProgressLine => {
  let open = false;
  let shownAt = Number.NEGATIVE_INFINITY;
  const end = (): void => {
    if (open) to.write('\n');
    open = false;
  };
  return {
    show: (text) => {
      if (to.isTTY) {
        to.write(`\r\u001b[2K${text.slice(0, (to.columns ?? 80) - 1)}`);
        open = true;
        return;
      }
      if (now() - shownAt < plainEveryMs) return;
      shownAt = now();
      to.write(`${text}\n`);
    },
    say: (text) => {
      end();
      to.write(`${text}\n`);
    },
    end,
  };
};

export interface ReplayProgress {
  readonly events: number;
  /** Newest event time, ms. */
  readonly at: number | undefined;
  /** Since the start, wall time in ms. */
  readonly elapsedMs: number;
}

export const renderProgress = (what: string, { events, at, elapsedMs }: ReplayProgress): string => {
  const rate = elapsedMs > 0 ? `, ${formatInteger((events * 1_000) / elapsedMs)} a second` : '';
  return `${what}: ${formatInteger(events)} events${rate}${at === undefined ? '' : `, at ${formatTime(at)}`}`;
};
