import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { generatedYaml, modelYaml } from './resources.ts';

const main = join(import.meta.dirname, '..', '..', 'runtimes', 'local', 'src', 'main.ts');

/** Compiled modules are kept from one start to the next: 0.7 instead of 1.0 s of CPU for each. */
const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
const env = { ...process.env, NODE_COMPILE_CACHE: join(cache, 'groundswell', 'compiled') };

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  /** What it has printed so far. */
  readonly texts: { readonly stdout: string; readonly stderr: string };
  readonly ended: Promise<Ended>;
}

/** Starts `groundswell …` as a process of its own, as a user does. */
export const startCli = (args: readonly string[]): Started => {
  const child = spawn(process.execPath, ['--conditions=source', main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, ...texts })));
  return { child, texts, ended };
};

export const runCli = (...args: readonly string[]): Promise<Ended> => startCli(args).ended;

/** Writes files into a new folder outside the tree; contents by name. */
export const folderOf = async (files: Readonly<Record<string, string | Uint8Array>>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'groundswell-test-'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
};

/** A small ONNX model of the scorer's fixtures, and what a variant says of it when it lies beside the resources. */
export const fixtureModel = async (
  name: string,
): Promise<{ bytes: Uint8Array; artifact: { uri: string; sha256: string } }> => {
  const bytes = await readFile(
    join(import.meta.dirname, '..', '..', 'runtimes', 'scorer', 'test', 'fixtures', `${name}.onnx`),
  );
  return { bytes, artifact: { uri: './model.onnx', sha256: createHash('sha256').update(bytes).digest('hex') } };
};

/** A whole pipeline over generated posts in a new folder: one window, and a model of three features that serves. */
export const generatedFolder = async (generator: string, window: string): Promise<string> => {
  const { artifact, bytes } = await fixtureModel('classifier');
  const features =
    '    - { name: followers, event: event.user.followers, default: 0 }\n    - { name: age_minutes, expression: age / 60000.0 }';
  return folderOf({
    'p.yaml': generatedYaml(generator),
    'w.yaml': window,
    'm.yaml': modelYaml({ ...artifact, features }),
    'model.onnx': bytes,
  });
};
