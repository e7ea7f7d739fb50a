import { duration } from '@groundswell/crds';
import { createCommand } from '@groundswell/deadletters';
import { Command, InvalidArgumentError, Option } from 'commander';

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value];

const numberBetween =
  (least: number, most: number) =>
  (value: string): number => {
    const number = Number(value);
    if (value.trim() === '' || !(number >= least && number <= most))
      throw new InvalidArgumentError(`a number from ${least} to ${most} is needed.`);
    return number;
  };

const speedOf = (value: string): number | 'max' =>
  value === 'max' ? 'max' : numberBetween(1e-6, 1e9)(value.replace(/x$/, ''));

/** As in the resources: `250ms`, `5m`, `3d`. */
const durationOf = (value: string): number => {
  const parsed = duration().safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(`${parsed.error.issues[0]?.message}.`);
};

const timeOf = (value: string): number => {
  const at = Date.parse(value);
  if (Number.isFinite(at)) return at;
  throw new InvalidArgumentError('a time as in 2026-01-01T12:00:00Z is needed.');
};

const files = () =>
  new Option('-f, --file <path>', 'YAML file, or folder of them; may be given more than once')
    .argParser(collect)
    .default([])
    .makeOptionMandatory();
const data = () =>
  new Option('--data <folder>', 'where replayed files lie; may be given more than once').argParser(collect).default([]);
const port = (flag: string, what: string, standard: number) =>
  new Option(`${flag} <number>`, `port of ${what}; 0 takes a free one`)
    .argParser(numberBetween(0, 65_535))
    .default(standard);
const output = (...choices: string[]) =>
  new Option('-o, --output <form>', 'form of what is printed').choices(choices).default(choices[0]);

const program = new Command('groundswell')
  .description('Real-time virality pipelines from Kubernetes resources, in a cluster or in this one process')
  .version('0.1.0')
  .showHelpAfterError('(add --help for the options)')
  .configureHelp({ sortSubcommands: false });

// Commands load when they run: `--help` and `validate` need no ONNX Runtime.
program
  .command('up')
  .description('run the resources here, in one process, and show the live top 10')
  .addOption(files())
  .addOption(data())
  .option('--data-dir <folder>', 'keep log, store and state there, and go on from them; in memory without')
  .addOption(
    new Option('--save-every <duration>', 'how often state is saved to --data-dir')
      .argParser(durationOf)
      .default(2_000, '2s'),
  )
  .option('--host <address>', 'address of the API, the page and the models', '127.0.0.1')
  .addOption(
    new Option('--port <number>', 'port of the API and the page').argParser(numberBetween(0, 65_535)).default(8080),
  )
  .addOption(
    new Option(
      '--http-port <number>',
      'port at which models take requests over HTTP; 0, as for --port, takes a free one',
    )
      .argParser(numberBetween(0, 65_535))
      .default(undefined, '8000'),
  )
  .addOption(
    new Option('--grpc-port <number>', 'the same over gRPC')
      .argParser(numberBetween(0, 65_535))
      .default(undefined, '8001'),
  )
  .addOption(
    new Option('--speed <n>', 'how fast event time passes: 60 for a minute a second, or max').argParser(speedOf),
  )
  .option('--exit-when-done', 'end when a replay has ended, instead of serving on')
  .option('--train', 'train models by their schedule, and try what passes its gates (needs Python)')
  .option('--no-reload', 'do not watch the files for changes')
  .addOption(new Option('--log-level <level>').choices(['debug', 'info', 'warn', 'error']).default('warn'))
  .action(async (options) => (await import('./commands/up.ts')).up(options));

program
  .command('serve')
  .description('serve ONNX files by the Open Inference Protocol over HTTP and gRPC, without resources')
  .argument('<model...>', 'files, or name=file')
  .option('--host <address>', 'address to listen at', '127.0.0.1')
  .addOption(port('--http-port', 'HTTP', 8000))
  .addOption(port('--grpc-port', 'gRPC', 8001))
  .addOption(new Option('--max-rows <n>', 'rows of one run').argParser(numberBetween(1, 65_536)).default(64))
  .addOption(new Option('--max-queue <n>', 'rows that may wait').argParser(numberBetween(1, 1_000_000)).default(10_000))
  .addOption(new Option('--max-wait <duration>', 'longest wait for more rows').argParser(durationOf).default(2, '2ms'))
  .addOption(
    new Option('--deadline <duration>', 'of requests that bring none').argParser(durationOf).default(1_000, '1s'),
  )
  .addOption(
    new Option('--max-body <bytes>', 'size of a request').argParser(numberBetween(1, 2 ** 31)).default(16 * 2 ** 20),
  )
  .addOption(
    new Option('--threads <n>', 'threads of one run, instead of half the processors').argParser(numberBetween(1, 256)),
  )
  .addOption(new Option('--log-level <level>').choices(['debug', 'info', 'warn', 'error']).default('warn'))
  .action(async (models, options) => (await import('./commands/serve.ts')).serve(models, options));

program
  .command('validate')
  .description('check resources; all problems at once, with file, line and field')
  .addOption(files())
  .action(async (options) => (await import('./commands/validate.ts')).validate(options));

program
  .command('compile')
  .description('print the programs that the resources compile to')
  .addOption(files())
  .addOption(output('yaml', 'json'))
  .addOption(new Option('--target <target>').choices(['local', 'cluster']).default('local'))
  .action(async (options) => (await import('./commands/compile.ts')).compilePrograms(options));

program
  .command('render')
  .description('print the Kubernetes objects that the operator would apply')
  .addOption(files())
  .addOption(output('yaml', 'json'))
  .option('-n, --namespace <name>', 'namespace of the objects', 'default')
  .addOption(
    new Option('--engine <engine>', 'print only the windows, as FlinkDeployments with their SQL').choices(['flink']),
  )
  .action(async (options) => (await import('./commands/render.ts')).render(options));

const url = () =>
  new Option('--url <address>', 'of the API of a running pipeline')
    .default('http://127.0.0.1:8080')
    .env('GROUNDSWELL_URL');
const limit = () => new Option('--limit <n>', 'posts to show').argParser(numberBetween(1, 100)).default(10);

program
  .command('top')
  .description('print the posts that are most likely to go viral, from a running pipeline')
  .addOption(url())
  .addOption(limit())
  .option('--model <name>', 'ScoringModel, where there are several')
  .addOption(output('table', 'json', 'yaml'))
  .action(async (options) => (await import('./commands/top.ts')).top(options));

program
  .command('watch')
  .description('the same, live; with -o json one line for each change')
  .addOption(url())
  .addOption(limit())
  .option('--model <name>', 'ScoringModel, where there are several')
  .addOption(output('table', 'json', 'yaml'))
  .action(async (options) => (await import('./commands/watch.ts')).watch(options));

program
  .command('explain')
  .description('replay recorded events, and say what led to the score of a post: events, features, model, rank')
  .argument('<post>', 'as in post/p7-2q')
  .addOption(files())
  .addOption(data())
  .addOption(new Option('--at <time>', 'moment of event time, as in 2026-01-01T12:00:00Z').argParser(timeOf))
  .option('--model <name>', 'ScoringModel, where there are several')
  .addOption(output('table', 'json', 'yaml'))
  .action(async (post, options) => (await import('./commands/explain.ts')).explain(post, options));

program
  .command('plan')
  .description('replay a recorded slice through old and new resources, and say what would change')
  .addOption(files())
  .addOption(
    new Option('--old <path>', 'the resources as they are, a file or folder; may be given more than once')
      .argParser(collect)
      .default([])
      .makeOptionMandatory(),
  )
  .addOption(data())
  .addOption(new Option('--until <time>', 'end of the slice, as in 2026-01-01T12:00:00Z').argParser(timeOf))
  .addOption(output('markdown', 'json', 'yaml'))
  .action(async (options) => (await import('./commands/plan.ts')).plan(options));

program
  .command('cost')
  .description('estimate what a load costs on AWS in a month, from measured rates and assumed prices')
  .addOption(
    new Option(
      '-f, --file <path>',
      'resources whose windows, models and retention count; without, as examples/virality',
    )
      .argParser(collect)
      .default([]),
  )
  .addOption(
    new Option('--posts-per-hour <n>', 'posts in an hour').argParser(numberBetween(1, 1e12)).default(1_000_000),
  )
  .addOption(
    new Option('--events-per-post <n>', 'posts, reposts, clicks and the like for each post')
      .argParser(numberBetween(1, 1e6))
      .default(11),
  )
  .addOption(
    new Option('--requests-per-second <n>', 'requests to the API').argParser(numberBetween(0, 1e7)).default(100),
  )
  .option('--assumptions <file>', 'YAML with prices, rates and habits, in place of those of the project')
  .addOption(output('table', 'json', 'yaml'))
  .action(async (options) => (await import('./commands/cost.ts')).cost(options));

const alerts = program.command('alerts').description('about the alerts of a pipeline');
alerts
  .command('test')
  .description('show what each rule would send to each of its channels, for a made-up post')
  .addOption(files())
  .option('--rule <name>', 'this rule only')
  .addOption(new Option('--score <score>', 'score of the post').argParser(numberBetween(0, 1)).default(0.95))
  .addOption(new Option('--age <duration>', 'age of the post').argParser(durationOf).default(600_000, '10m'))
  .option('--text <text>', 'what the post says', 'The storm has reached the coast')
  .option('--send', 'send it, too')
  .action(async (options) => (await import('./commands/alerts-test.ts')).alertsTest(options));

program
  .command('evaluate')
  .description('replay data through the pipeline, train on its first part, score the rest, and say how good it is')
  .addOption(files())
  .addOption(data())
  .addOption(
    new Option('--train-share <share>', 'share of the posts, by time, to train on')
      .argParser(numberBetween(0.01, 0.99))
      .default(0.75),
  )
  .option('--test <folder>', 'train on all of --data and score the posts of this folder instead')
  .addOption(
    new Option('--labels <which>', 'labels to train on: as they finally became, or only those known at the split')
      .choices(['final', 'matured'])
      .default('final'),
  )
  .option('--model <name>', 'ScoringModel to evaluate, where there are several')
  .option(
    '--recommender <name>',
    'evaluate this Recommender: the last item of each user held back, new users, new items',
  )
  .addOption(
    new Option('--ablate [what]', 'say instead what each group of features brings, or each feature: trained without it')
      .choices(['groups', 'features'])
      .preset('groups'),
  )
  .addOption(output('table', 'json'))
  .action(async (options) => (await import('./commands/evaluate.ts')).evaluateCommand(options));

program
  .command('train')
  .description('replay the sources to their end, train the model and write it with its card')
  .addOption(files())
  .addOption(data())
  .requiredOption('--out <folder>', 'where model.onnx, baseline.onnx and card.json go')
  .option('--model <name>', 'ScoringModel to train, where there are several')
  .addOption(
    new Option('--seed <n>', "of generated posts, in place of the resource's").argParser(numberBetween(0, 2 ** 32 - 1)),
  )
  .addOption(
    new Option('--duration <duration>', "of generated posts, in place of the resource's").argParser(durationOf),
  )
  .action(async (options) => (await import('./commands/train.ts')).trainCommand(options));

program
  .command('rollouts')
  .description('where the rollouts of a running pipeline are: step, verdict, evidence, both variants')
  .argument('[model]', 'only that of this ScoringModel')
  .addOption(url())
  .addOption(output('table', 'json', 'yaml'))
  .action(async (model, options) => (await import('./commands/rollouts.ts')).rolloutsCommand(model, options));

program
  .command('generate')
  .description('write a synthetic stream of social events to a file, as JSON lines')
  .requiredOption('--out <file>', 'file to write; .gz compresses, - is standard output')
  .addOption(
    new Option('--seed <n>', 'two runs with one seed are equal').argParser(numberBetween(0, 2 ** 32 - 1)).default(7),
  )
  .addOption(
    new Option('--duration <duration>', 'span of event time, such as 6h or 3d')
      .argParser(durationOf)
      .default(86_400_000, '1d'),
  )
  .addOption(new Option('--rate <n>', 'new posts an hour, on average').argParser(numberBetween(0.001, 1e7)).default(40))
  .addOption(new Option('--authors <n>', 'accounts that post').argParser(numberBetween(1, 1e7)).default(2000))
  .action(async (options) => (await import('./commands/generate.ts')).generate(options));

program.addCommand(
  createCommand(
    async (options) => (await import('./commands/dead-letters.ts')).openLetters(options as never),
    (command) =>
      command
        .addOption(files())
        .option(
          '--data-dir <folder>',
          'those of `up --data-dir`, which must not run meanwhile; without, those in Kafka',
        )
        .option('--brokers <list>', 'host:port, with commas between, in place of what the resources say'),
  ),
);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
