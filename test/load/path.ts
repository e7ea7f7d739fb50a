import { parseArgs } from 'node:util';
import type { Program } from '@groundswell/graph';
import { baseDirectoryOf, createProgressLine, loadPrograms, replayToEnd } from '@groundswell/local';

const { values } = parseArgs({
  options: {
    file: { type: 'string', default: 'examples/virality' },
    data: { type: 'string', multiple: true, default: [] },
    rate: { type: 'string', default: '200' },
    minutes: { type: 'string', default: '1440' },
    help: { type: 'boolean', default: false },
  },
});
const usage = `How fast a replay goes through ingest, windows, features and scores at the declared ages, on one core.
  --file examples/virality  resources to run
  --data FOLDER             where replayed files lie
  --rate 200                posts an hour of the generator
  --minutes 1440            of event time of the generator
`;

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

const measure = async (programs: readonly Program[], what: string) => {
  const [cpu, at] = [process.cpuUsage(), performance.now()];
  const { events, predictions } = await replayToEnd({
    programs,
    directory: await baseDirectoryOf([values.file]),
    dataDirectories: values.data,
    what,
    progress: createProgressLine(process.stderr, Date.now),
  });
  const used = process.cpuUsage(cpu);
  const seconds = (performance.now() - at) / 1_000;
  return { what, events, predictions: predictions.length, seconds, cpuSeconds: (used.user + used.system) / 1e6 };
};
type Measured = Awaited<ReturnType<typeof measure>>;

const row = ({ what, events, predictions, seconds, cpuSeconds }: Measured): string =>
  [
    what.padEnd(28),
    events.toLocaleString('en').padStart(10),
    predictions.toLocaleString('en').padStart(12),
    Math.round(events / seconds)
      .toLocaleString('en')
      .padStart(10),
    ((cpuSeconds * 1e6) / events).toFixed(1).padStart(13),
  ].join('  ');

if (values.help) process.stdout.write(usage);
else {
  const { programs } = await loadPrograms([values.file], 'local');
  const all = programs.map(dense);
  const withoutModels = all.map(
    (program): Program => (program.kind === 'scorer' ? { ...program, variants: [] } : program),
  );
  const onlySource = all.filter(({ kind }) => kind === 'ingest');
  // The first run also warms up the compiler.
  const runs = [
    await measure(all, 'whole path'),
    await measure(withoutModels, 'without ONNX'),
    await measure(onlySource, 'source alone'),
  ];
  process.stdout.write(`${['run'.padEnd(28), 'events', 'predictions', 'events/s', 'CPU µs/event'].join('  ')}\n`);
  for (const run of runs) process.stdout.write(`${row(run)}\n`);
  const [whole, bare, source] = runs.map(({ events, cpuSeconds }) => (cpuSeconds * 1e6) / events);
  process.stdout.write(
    `${JSON.stringify({ bench: 'path', wholeToSource: Number(((whole ?? 0) / (source ?? 1)).toFixed(2)), onnxShare: Number((1 - (bare ?? 0) / (whole ?? 1)).toFixed(3)), eventsPerSecond: Math.round((runs[0]?.events ?? 0) / (runs[0]?.seconds ?? 1)) })}\n`,
  );
}
