import { parseArgs } from 'node:util';
import type { Program } from '@groundswell/graph';
import { baseDirectoryOf, createProgressLine, loadPrograms, replayToEnd } from '@groundswell/local';

const { values } = parseArgs({
  options: {
    file: { type: 'string' },
    data: { type: 'string', multiple: true, default: [] },
    rate: { type: 'string', default: '200' },
    minutes: { type: 'string', default: '4320' },
    help: { type: 'boolean', default: false },
  },
});
const usage = `How fast a replay goes through ingest, windows, features and scores at the declared ages.
  --file FOLDER             other resources than the two that are compared
  --data FOLDER             where replayed files lie
  --rate 200                posts an hour of the generator
  --minutes 4320            of event time of the generator
`;

interface Given {
  readonly what: string;
  /** As the last line names it. */
  readonly key: string;
  readonly file: string;
  /** Which of the programs, and how. */
  readonly programsOf?: (programs: readonly Program[]) => readonly Program[];
}

/** The form of the goal: three windows, ages 0 s, 5 min, 10 min and 60 min, one model. */
const issue = 'test/load/path';
const virality = 'examples/virality';
const onlySource = (programs: readonly Program[]) => programs.filter(({ kind }) => kind === 'ingest');
const withoutModels = (programs: readonly Program[]) =>
  programs.map((program): Program => (program.kind === 'scorer' ? { ...program, variants: [] } : program));

/** The first run of a process compiles what it needs, which a long replay does once. */
const compared: readonly Given[] = [
  { what: 'issue, from a cold start', key: 'issueCold', file: issue },
  { what: 'issue', key: 'issue', file: issue },
  { what: 'issue, source alone', key: 'issueSource', file: issue, programsOf: onlySource },
  { what: 'virality', key: 'virality', file: virality },
];
const partsOf = (file: string): readonly Given[] => [
  { what: 'whole path', key: 'whole', file },
  { what: 'without ONNX', key: 'withoutModels', file, programsOf: withoutModels },
  { what: 'source alone', key: 'source', file, programsOf: onlySource },
];

/** A dense stream: what a busy hour looks like, rather than a quiet week. */
const dense = (program: Program): Program => {
  if (program.kind !== 'ingest' || program.source.reader.kind !== 'generator') return program;
  const reader = {
    ...program.source.reader,
    postsPerHour: Number(values.rate),
    durationMs: Number(values.minutes) * 60_000,
  };
  return { ...program, source: { ...program.source, reader } };
};

const measure = async ({ what, key, file, programsOf = (all) => all }: Given) => {
  const { programs } = await loadPrograms([file], 'local');
  const directory = await baseDirectoryOf([file]);
  const [cpu, at] = [process.cpuUsage(), performance.now()];
  const { events, predictions } = await replayToEnd({
    programs: programsOf(programs.map(dense)),
    directory,
    dataDirectories: values.data,
    what,
    progress: createProgressLine(process.stderr, Date.now),
  });
  const used = process.cpuUsage(cpu);
  const seconds = (performance.now() - at) / 1_000;
  // Of all threads: the garbage collector, the compiler and ONNX Runtime have their own.
  return { what, key, events, predictions: predictions.length, seconds, cpuSeconds: (used.user + used.system) / 1e6 };
};
type Measured = Awaited<ReturnType<typeof measure>>;

const perCpuSecond = ({ events, cpuSeconds }: Measured): number => Math.round(events / cpuSeconds);
const perSecond = ({ events, seconds }: Measured): number => Math.round(events / seconds);
const count = (value: number, width: number): string => value.toLocaleString('en').padStart(width);

const heading = ['run'.padEnd(28), '    events', ' predictions', 'events/s', 'events/CPU s', 'CPU µs/event'].join('  ');
const row = (run: Measured): string =>
  [
    run.what.padEnd(28),
    count(run.events, 10),
    count(run.predictions, 12),
    count(perSecond(run), 8),
    count(perCpuSecond(run), 12),
    ((run.cpuSeconds * 1e6) / run.events).toFixed(1).padStart(12),
  ].join('  ');

if (values.help) process.stdout.write(usage);
else {
  const runs: Measured[] = [];
  for (const given of values.file === undefined ? compared : partsOf(values.file)) runs.push(await measure(given));
  process.stdout.write(`${heading}\n`);
  for (const run of runs) process.stdout.write(`${row(run)}\n`);
  const rates = runs.map((run) => [
    run.what,
    { eventsPerSecond: perSecond(run), eventsPerCpuSecond: perCpuSecond(run) },
  ]);
  process.stdout.write(`${JSON.stringify({ bench: 'path', ...Object.fromEntries(rates) })}\n`);
}
