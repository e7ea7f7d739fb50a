import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { generateEvents } from '@groundswell/ingest';
import { formatInteger } from '../terminal/format.ts';
import { createProgressLine, renderProgress } from '../terminal/progress.ts';

export interface GenerateCommandOptions {
  readonly out: string;
  readonly seed: number;
  /** ms. */
  readonly duration: number;
  readonly rate: number;
  readonly authors: number;
}

/** A fixed Monday, so that two runs are equal. */
const startAt = Date.UTC(2026, 0, 5);
/** Lines are written in pieces of about this many. */
const linesAtOnce = 500;

/** Writes a synthetic stream as JSON lines, in order of arrival; disorder, late events, repeats and deletes included. */
export const generate = async ({ out, seed, duration, rate, authors }: GenerateCommandOptions): Promise<void> => {
  const progress = createProgressLine(process.stderr, Date.now);
  const startedAt = Date.now();
  let events = 0;
  const stream = generateEvents({
    source: 'generated',
    seed,
    startAt,
    postsPerHour: rate,
    authors,
    durationMs: duration,
    maxOutOfOrdernessMs: 5_000,
    lateShare: 0.001,
    duplicateShare: 0.002,
    deleteShare: 0.002,
  });
  const pieces = function* (): Generator<string> {
    let piece = '';
    for (const event of stream) {
      piece += `${JSON.stringify(event)}\n`;
      if (++events % linesAtOnce !== 0) continue;
      progress.show(renderProgress('generating', { events, at: event.at, elapsedMs: Date.now() - startedAt }));
      yield piece;
      piece = '';
    }
    yield piece;
  };
  const to = out === '-' ? process.stdout : createWriteStream(out);
  if (out.endsWith('.gz')) await pipeline(Readable.from(pieces()), createGzip(), to);
  else await pipeline(Readable.from(pieces()), to, { end: out !== '-' });
  progress.say(`Wrote ${formatInteger(events)} events to ${out}`);
};
