import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileTables } from '@groundswell/flink';
import { flinkLacks } from '../../servers/flink.ts';
import { say } from '../../servers/programs.ts';
import { type Given, ratio } from './alone.ts';
import { besideFlinkOnKafka } from './beside-flink-on-kafka.ts';
import { eventsFile } from './events.ts';
import { type Cost, compareRows, timeFlink } from './flink.ts';
import { timeOurs } from './ours.ts';
import { type Pair, timePair } from './pair.ts';
import { besideFlink } from './queries.ts';

type Name = keyof typeof besideFlink;

/** Rows are compared of so many events, the first ones of what is timed. `make test-flink` compares those of more. */
const compared = 200_000;
/** Enough for Flink to load and compile what a query needs. */
const few = 2_000;
const [seed, actors] = [7, 200];

/** The long hop is of few actors, as Flink takes 39 µs for each of its rows: of all, it would be at work for hours. */
const fileOf = (name: Name, events: number): string =>
  name === 'q3' ? eventsFile(events, seed, actors) : eventsFile(events, seed);

const onFiles = async ({ count, rounds }: Given, folder: string): Promise<readonly Pair[]> => {
  const names = Object.keys(besideFlink) as Name[];
  const first = Math.min(count, compared);
  const inputs = names.map((name) => ({ query: besideFlink[name], path: fileOf(name, first) }));
  const rows = await compareRows(inputs, folder);
  console.log(
    `\nOf ${first} events, Flink and we have the same rows: ${names.map((name, i) => `${name} ${rows[i]}`).join(', ')}`,
  );
  const pairs: Pair[] = [];
  for (const query of names) {
    const { name, what } = besideFlink[query];
    const path = fileOf(query, count);
    const sourceOf = (file: string) => fileTables(file, folder).source('');
    const tables = { few: sourceOf(fileOf(query, few)), all: sourceOf(path), folder };
    const timed = await timePair(rounds, {
      ours: () => timeOurs({ kind: 'file', query, path, events: count }),
      flink: () => timeFlink(besideFlink[query], tables),
    });
    pairs.push({ name, what, ...timed });
  }
  return pairs;
};

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(0);

const print = (pairs: readonly Pair[], { count, rounds }: Given): void => {
  const rate = ({ seconds }: Cost): string => (count / seconds / 1000).toFixed(0);
  const cpu = ({ cpuSeconds }: Cost): string => ((cpuSeconds * 1e6) / count).toFixed(2);
  console.log(
    `\n${count} events, best of ${rounds}, ours · Flink SQL (parallelism 1, object reuse, without its start)\n`,
  );
  console.log(`${''.padEnd(58)}   k events/s     CPU-s per M      MB in memory`);
  for (const { name, what, ours, flink } of pairs) {
    const cells = [
      [rate(ours), rate(flink)],
      [cpu(ours), cpu(flink)],
      [megabytes(ours.peakBytes), megabytes(flink.peakBytes)],
    ];
    const columns = cells.map((both) => both.join(' · ').padStart(16)).join('');
    console.log(`${name.padEnd(14)} ${what.padEnd(42)}${columns}`);
  }
};

const ratiosOf = (pairs: readonly Pair[]) =>
  Object.fromEntries(
    pairs.map(({ name, ours, flink }) => [
      name,
      {
        rate: ratio(flink.seconds, ours.seconds),
        cpu: ratio(ours.cpuSeconds, flink.cpuSeconds),
        memory: ratio(ours.peakBytes, flink.peakBytes),
      },
    ]),
  );

/** The same queries on the same events; ends with ratios, ours to Flink's. */
export const benchBesideFlink = async (given: Given) => {
  const lacks = flinkLacks();
  if (lacks !== undefined) {
    say(`SKIPPED, nothing was compared with Flink. ${lacks}`);
    return {};
  }
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-bench-flink-'));
  try {
    const pairs = [...(await onFiles(given, folder)), ...(await besideFlinkOnKafka(given, folder))];
    print(pairs, given);
    return { toFlink: ratiosOf(pairs) };
  } finally {
    rmSync(folder, { recursive: true });
  }
};
