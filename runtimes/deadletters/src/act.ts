import { readFile } from 'node:fs/promises';
import { chooseLetters, findLetter } from './choose.ts';
import { readLetters } from './letters.ts';
import type { Opened } from './opened.ts';
import { type Form, printLetter, printLetters, printReplayed } from './print.ts';
import { replay } from './replay.ts';

interface ListOptions {
  readonly group?: string;
  readonly replayed?: boolean;
  readonly output: Form;
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const using = async (opened: Opened, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } finally {
    await opened.close();
  }
};

export const list = (opened: Opened, options: ListOptions): Promise<void> =>
  using(opened, async () => {
    const letters = await readLetters(opened.log, opened.place.topic);
    say(printLetters(chooseLetters(letters, options), options.output));
  });

export const show = (opened: Opened, id: string, options: ListOptions): Promise<void> =>
  using(opened, async () => {
    const letters = await readLetters(opened.log, opened.place.topic);
    say(printLetter(findLetter(letters, id), options.output));
  });

interface ReplayOptions extends ListOptions {
  readonly all?: boolean;
  readonly value?: string;
  readonly dryRun?: boolean;
}

/** One that cannot be given back makes the exit code 1; the others are. */
export const replayLetters = (opened: Opened, ids: readonly string[], options: ReplayOptions): Promise<void> =>
  using(opened, async () => {
    const { all = false, value, dryRun = false } = options;
    if (all === ids.length > 0)
      throw new Error('Cannot choose what to give back: either ids are needed, as list shows them, or --all');
    if (value !== undefined && ids.length !== 1)
      throw new Error(`Cannot use --value: it stands for one letter, ${all ? 'all' : ids.length} are chosen, name one`);
    const letters = await readLetters(opened.log, opened.place.topic);
    const chosen = all ? chooseLetters(letters, options) : ids.map((id) => findLetter(letters, id));
    const corrected = value === undefined ? undefined : new Uint8Array(await readFile(value));
    const { place } = opened;
    const done = await replay(opened.log, chosen, {
      ...{ place, all: letters, dryRun },
      ...(corrected !== undefined && { corrected }),
    });
    say(printReplayed(done, options.output));
    if (done.some(({ to }) => to === undefined)) process.exitCode = 1;
  });
