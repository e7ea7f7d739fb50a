import { parseArgs } from 'node:util';
import { decodeEvent, type SocialEvent } from '@groundswell/wire';
import { eventsFile, readLines } from './windows/events.ts';
import { type Timing, timeDecoding, timeEvents, timeFile, timeFirings } from './windows/measure.ts';
import { verify } from './windows/oracle.ts';
import { type Query, queries } from './windows/queries.ts';
import { timeSaves } from './windows/saving.ts';
import { verifySessions } from './windows/session-oracle.ts';

/**
 * How fast the windows are: from a file of JSON events through decoding and a windower, on one core. Results are held
 * against a naive oracle first. Prints a table and, as its last line, one JSON object of ratios.
 *
 * Queries take turns, and the best of the rounds counts, so that what else the machine does weighs little.
 */
const { values } = parseArgs({
  options: { events: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '2' } },
});
const [count, rounds] = [Number(values.events), Number(values.rounds)];
if (!Number.isSafeInteger(count) || count < 20_000 || !Number.isSafeInteger(rounds) || rounds < 1)
  throw new RangeError(
    `Cannot run with --events ${values.events} --rounds ${values.rounds}: whole numbers are needed, events from 20000 on`,
  );

const path = eventsFile(count);
const decoded: SocialEvent[] = [];
readLines(path, Math.min(count, 300_000), (line) => decoded.push(decodeEvent(line)));

for (const query of [queries.q1, queries.q2, queries.q3]) {
  const results = verify(query, decoded.slice(0, 20_000));
  console.log(`${query.name} agrees with the oracle on ${results} results`);
}

console.log(`Q4 agrees with the oracle on ${verifySessions(queries.q4, decoded.slice(0, 20_000))} sessions`);

/** Far more often than anybody does: a run takes few seconds. */
const savingEveryMs = 500;
const all = Object.values(queries);
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

const timingOf = (name: string): Timing => best.get(name)!;
const rateOf = (name: string, events = count): number => events / timingOf(name).seconds;
const nanosOf = ({ name }: Query): number => (timingOf(`${name} alone`).seconds * 1e9) / decoded.length;

const row = (name: string, what: string, alone: string): string => {
  const { cpuSeconds, results } = timingOf(name);
  const cells = [
    name.padEnd(9),
    what.padEnd(36),
    `${Math.round(rateOf(name) / 1000)}`.padStart(11),
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

/** Median time of firings with 1,000 changes among 20,000 and among 200,000 keys, turn by turn. */
const [few, many] = [20_000, 200_000].map((keys) => timeFirings(queries.q3, keys, 1000, 200));
const [fewMs, manyMs]: [number[], number[]] = [[], []];
while (few!.more()) {
  fewMs.push(few!.next());
  manyMs.push(many!.next());
}
const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[numbers.length >> 1]!;
console.log(
  `\n1,000 changes among 20,000 keys fire in ${median(fewMs).toFixed(2)} ms, among 200,000 in ${median(manyMs).toFixed(2)} ms\n`,
);

const [saved, savedFew] = [timeSaves(queries.q3, 500_000, 1_000), timeSaves(queries.q3, 50_000, 1_000)];
console.log(
  `500,000 keys are saved whole in ${saved.allMs.toFixed(0)} ms CPU (${saved.allBytes} bytes), 1,000 changes in ${saved.changesMs.toFixed(2)} ms (${saved.changesBytes} bytes), ` +
    `among 50,000 in ${savedFew.changesMs.toFixed(2)} ms; ${Math.round(saved.keysPerSecond)} keys are restored in a CPU second\n`,
);

const ratio = (a: number, b: number): number => Math.round((a / b) * 100) / 100;
console.log(
  JSON.stringify({
    events: count,
    hopVsTumble: ratio(rateOf('Q2'), rateOf('Q2t')),
    hop72hVsTumble: ratio(rateOf('Q3'), rateOf('Q3t')),
    hop72hVsTumbleAlone: ratio(nanosOf(queries.q3Tumble), nanosOf(queries.q3)),
    cost10xKeys: ratio(median(manyMs), median(fewMs)),
    decodingShareOfQ1: ratio(timingOf('decoding').seconds, timingOf('Q1').seconds),
    savingQ1: ratio(timingOf('Q1 saving').cpuSeconds, timingOf('Q1').cpuSeconds),
    savingQ3: ratio(timingOf('Q3 saving').cpuSeconds, timingOf('Q3').cpuSeconds),
    savedChanges10xKeys: ratio(saved.changesMs, savedFew.changesMs),
    restoredKeysPerCpuSecond: Math.round(saved.keysPerSecond),
    microsPerEventAndWindow: ratio(Math.max(...[queries.q1, queries.q2, queries.q3].map(nanosOf)), 1000),
  }),
);
