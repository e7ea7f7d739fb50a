import { execFile, execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root } from './page.ts';

const run = promisify(execFile);
const cli = join(root, 'runtimes', 'local', 'bin', 'groundswell');
const ownHelpOf = async (...words: readonly string[]): Promise<string> => (await run(cli, [...words, '--help'])).stdout;
const commandsIn = (help: string): readonly string[] => {
  const [, list = ''] = /^Commands:\n((?: .*\n)+)/m.exec(help) ?? [];
  return [...list.matchAll(/^ {2}([a-z]+)\b/gm)].flatMap(([, name = '']) => (name === 'help' ? [] : [name]));
};
/** With that of its own commands, which have none below. */
const helpOf = async (command: string): Promise<string> => {
  const help = await ownHelpOf(command);
  const inner: string[] = [];
  for (const name of commandsIn(help)) inner.push(await ownHelpOf(command, name));
  return [help, ...inner].join('\n');
};

const paths = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n');

/** Commands as they stand on pages, in blocks and in lines: `groundswell up -f …`. */
const written = (
  await Promise.all(
    paths.map(async (path) => {
      const text = await readFile(join(root, path), 'utf8');
      return [...text.matchAll(/(?<!kubectl |\/)\bgroundswell ([a-z]+)\b([^`\n]*)/g)].map(
        ([, command = '', rest = '']) => ({
          path,
          command,
          options: [...rest.matchAll(/(?<=\s|\[)--?[a-z][a-z-]*/g)].map(([option]) => option),
        }),
      );
    }),
  )
).flat();

const commands = commandsIn(await ownHelpOf());

test.each(commands)('what pages say of `groundswell %s` is what it takes', async (command) => {
  const help = await helpOf(command);
  const wrong = written
    .filter((each) => each.command === command)
    .flatMap(({ path, options }) =>
      options
        .filter((option) => !new RegExp(`(^|[ ,])${option}\\b`, 'm').test(help))
        .map((option) => `${path}: ${option}`),
    );
  expect(wrong).toEqual([]);
});

test('every command is on some page', () => {
  const known = new Set(written.map(({ command }) => command));
  expect(commands.filter((name) => !known.has(name))).toEqual([]);
});
