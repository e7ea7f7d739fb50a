import { decodeEvent, type SocialEvent } from '@groundswell/wire';
import { quantile } from '../../quantile.ts';
import { readLines } from './events.ts';
import { type Timing, timeDecoding, timeEvents, timeFile, timeFirings } from './measure.ts';
import { verify } from './oracle.ts';
import { type Query, queries } from './queries.ts';
import { timeSaves } from './saving.ts';
import { verifySessions } from './session-oracle.ts';

/** What is read, and how often; the best of the rounds counts. */
export interface Given {
  readonly path: string;
  readonly count: number;
  readonly rounds: number;
}

export const ratio = (a: number, b: number): number => Math.round((a / b) * 100) / 100;

/** Far more often than anybody does: a run takes few seconds. */
const savingEveryMs = 500;
const all = Object.values(queries);

const verifyAll = (events: readonly SocialEvent[]): void => {
  for (const query of [queries.q1, queries.q2, queries.q3])
    console.log(`${query.name} agrees with the oracle on ${verify(query, events)} results`);
  console.log(`Q4 agrees with the oracle on ${verifySessions(queries.q4, events)} sessions`);
};

type Timings = ReadonlyMap<string, Timing>;

const timeAll = ({ path, count, rounds }: Given, decoded: readonly SocialEvent[]): Timings => {
  const best = new Map<string, Timing>();
  const note = (name: string, timing: Timing): void => {
    if (timing.seconds < (best.get(name)?.seconds ?? Infinity)) best.set(name, timing);
  };
  for (let round = 0; round < rounds; round++) {
    note('decoding', timeDecoding(path, count));
    for (const query of all) {
      note(query.name, timeFile(query, path, count));
      note(`${query.name} alone`, timeEvents(query, decoded));
      note(`${query.name} saving`, timeFile(query, path, count, savingEveryMs));
    }
  }
  return best;
};

/** Median time of firings with 1,000 changes among 20,000 and among 200,000 keys, turn by turn. */
const costOf10xKeys = (): number => {
  const [few, many] = [20_000, 200_000].map((keys) => timeFirings(queries.q3, keys, 1000, 200));
  const [fewMs, manyMs]: [number[], number[]] = [[], []];
  while (few!.more()) {
    fewMs.push(few!.next());
    manyMs.push(many!.next());
  }
  const [ofFew, ofMany] = [quantile(fewMs, 0.5), quantile(manyMs, 0.5)];
  console.log(
    `\n1,000 changes among 20,000 keys fire in ${ofFew.toFixed(2)} ms, among 200,000 in ${ofMany.toFixed(2)} ms\n`,
  );
  return ratio(ofMany, ofFew);
};

const benchSaves = () => {
  const [saved, savedFew] = [timeSaves(queries.q3, 500_000, 1_000), timeSaves(queries.q3, 50_000, 1_000)];
  console.log(
    `500,000 keys are saved whole in ${saved.allMs.toFixed(0)} ms CPU (${saved.allBytes} bytes), 1,000 changes in ${saved.changesMs.toFixed(2)} ms (${saved.changesBytes} bytes), ` +
      `among 50,000 in ${savedFew.changesMs.toFixed(2)} ms; ${Math.round(saved.keysPerSecond)} keys are restored in a CPU second\n`,
  );
  return {
    savedChanges10xKeys: ratio(saved.changesMs, savedFew.changesMs),
    restoredKeysPerCpuSecond: Math.round(saved.keysPerSecond),
  };
};

const printTimings = (timings: Timings, { count, rounds }: Given, nanosOf: (query: Query) => number): void => {
  const row = (name: string, what: string, alone: string): string => {
    const { seconds, cpuSeconds, results } = timings.get(name)!;
    const cells = [
      name.padEnd(9),
      what.padEnd(36),
      `${Math.round(count / seconds / 1000)}`.padStart(11),
      ((cpuSeconds * 1e6) / count).toFixed(2).padStart(12),
      alone.padStart(18),
      `${results}`.padStart(10),
    ];
    return cells.join(' ');
  };
  console.log(`\n${count} events, best of ${rounds}\n`);
  console.log(`${''.padEnd(46)} k events/s  CPU-s per M  window alone, ns    results`);
  console.log(row('decoding', 'read, split, JSON.parse', '–'));
  for (const query of all) console.log(row(query.name, query.what, Math.round(nanosOf(query)).toString()));
};

/** The windows beside one another; ends with ratios. */
export const benchAlone = (given: Given) => {
  const { path, count } = given;
  const decoded: SocialEvent[] = [];
  readLines(path, Math.min(count, 300_000), (line) => decoded.push(decodeEvent(line)));
  verifyAll(decoded.slice(0, 20_000));
  const timings = timeAll(given, decoded);
  const rateOf = (name: string): number => count / timings.get(name)!.seconds;
  const cpuOf = (name: string): number => timings.get(name)!.cpuSeconds;
  const nanosOf = ({ name }: Query): number => (timings.get(`${name} alone`)!.seconds * 1e9) / decoded.length;
  printTimings(timings, given, nanosOf);
  return {
    hopVsTumble: ratio(rateOf('Q2'), rateOf('Q2t')),
    hop72hVsTumble: ratio(rateOf('Q3'), rateOf('Q3t')),
    hop72hVsTumbleAlone: ratio(nanosOf(queries.q3Tumble), nanosOf(queries.q3)),
    cost10xKeys: costOf10xKeys(),
    decodingShareOfQ1: ratio(rateOf('Q1'), rateOf('decoding')),
    savingQ1: ratio(cpuOf('Q1 saving'), cpuOf('Q1')),
    savingQ3: ratio(cpuOf('Q3 saving'), cpuOf('Q3')),
    ...benchSaves(),
    microsPerEventAndWindow: ratio(Math.max(...[queries.q1, queries.q2, queries.q3].map(nanosOf)), 1000),
  };
};
