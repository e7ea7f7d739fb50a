import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { cacheFolder } from '../../servers/programs.ts';

/** Runs a program to its end. @returns what it prints. @throws Error with its last words when it fails */
export const run = async (command: string, ...words: readonly string[]): Promise<string> => {
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let last = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      last = (last + text).slice(-3_000);
    });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`Cannot build an image: ${command} ${words[0]} ended with ${code}:\n${last}`);
  return output;
};

/** Images and layers are kept apart from what else the machine has. */
export const buildah = (...words: readonly string[]): Promise<string> => {
  const folder = join(cacheFolder(), 'images');
  const storage = ['--root', join(folder, 'storage'), '--runroot', join(folder, 'run'), '--storage-driver', 'overlay'];
  return run('buildah', ...storage, ...words);
};

export const hasImage = (name: string): Promise<boolean> =>
  buildah('inspect', '--type', 'image', '--format', '{{.FromImageID}}', name).then(
    () => true,
    () => false,
  );

/** What an image has over the one that it is made from. */
export interface Layer {
  readonly from: string;
  /** Path on this machine, and where it goes. */
  readonly copies?: readonly (readonly [from: string, to: string])[];
  /** For a shell in it. */
  readonly script?: string;
  /** Of `buildah config`. */
  readonly config?: readonly string[];
}

/** Without a Containerfile: `from` and `commit`. */
export const makeImage = async (name: string, { from, copies = [], script, config = [] }: Layer): Promise<void> => {
  const container = (await buildah('from', '--pull-never', from)).trim();
  try {
    for (const [source, target] of copies) await buildah('copy', container, source, target);
    if (script !== undefined)
      await buildah('run', '--isolation', 'chroot', '--network', 'host', container, '--', 'sh', '-ec', script);
    if (config.length > 0) await buildah('config', ...config, container);
    await buildah('commit', '--quiet', container, name);
  } finally {
    await buildah('rm', container);
  }
};
