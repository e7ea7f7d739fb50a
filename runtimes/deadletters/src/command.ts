import { Command, Option } from 'commander';
import type { Opened } from './opened.ts';
import type { Form } from './print.ts';

/** Opens the log of a pipeline, as the options of the command say. */
export type OpenLetters = (options: Readonly<Record<string, unknown>>) => Promise<Opened>;

interface ListOptions {
  readonly group?: string;
  readonly replayed?: boolean;
  readonly output: Form;
}

interface ReplayOptions extends ListOptions {
  readonly all?: boolean;
  readonly value?: string;
  readonly dryRun?: boolean;
}

const output = (): Option =>
  new Option('-o, --output <form>', 'form of what is printed').choices(['table', 'json']).default('table');
const group = (): Option => new Option('--group <name>', 'only of this program, such as window-post-10m');

/**
 * `deadletters list|show|replay`. What it does is loaded when it runs.
 *
 * @param connect adds the options that say where the log is
 */
export const createCommand = (open: OpenLetters, connect: (command: Command) => Command): Command => {
  const act = () => import('./act.ts');
  const command = new Command('deadletters').description('what programs could not use: look at it, and give it back');
  connect(command.command('list'))
    .description('list dead letters, oldest first')
    .addOption(group())
    .option('--replayed', 'those too that were given back')
    .addOption(output())
    .action(async (options: ListOptions) => (await act()).list(await open({ ...options }), options));
  connect(command.command('show'))
    .description('show a dead letter whole, with its content')
    .argument('<id>', 'as list shows it')
    .addOption(output())
    .action(async (id: string, options: ListOptions) => (await act()).show(await open({ ...options }), id, options));
  connect(command.command('replay'))
    .description('give dead letters back to the topic that they came from; events of sources to the events')
    .argument('[id...]', 'as list shows them')
    .option('--all', 'all that were not given back yet')
    .addOption(group())
    .option('--value <file>', 'give this back in place of what the one letter holds')
    .option('--dry-run', 'only say what would be done')
    .addOption(output())
    .action(async (ids: readonly string[], options: ReplayOptions) =>
      (await act()).replayLetters(await open({ ...options }), ids, options),
    );
  return command.addHelpText('after', () => `\n${command.commands.map((one) => one.helpInformation()).join('\n')}`);
};
