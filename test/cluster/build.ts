import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, findProgram, isProgram, say } from '../servers/programs.ts';
import { goModOf, type ToolName, tools } from './tools.ts';

const progressEveryMs = 30_000;

/** Another run may be building the same: then wait for it, and look again. */
const unlessBuilt = (path: string, words: readonly string[]): readonly string[] => {
  const flock = findProgram('flock');
  if (flock === undefined) return words;
  return [flock, `${path}.lock`, 'sh', '-c', 'test -x "$0" || exec "$@"', path, ...words];
};

const run = async (name: string, words: readonly string[], folder: string): Promise<void> => {
  const [command = '', ...rest] = words;
  // Static, so that the program runs in an image of its own as well.
  const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off' };
  const child = spawn(command, rest, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4_000);
  });
  const from = performance.now();
  const timer = setInterval(
    () => say(`  still building ${name}: ${Math.round((performance.now() - from) / 1000)} s`),
    progressEveryMs,
  );
  try {
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`Cannot build ${name}: go ended with ${code}; its last words were:\n${output}`);
    say(`  built ${name} in ${Math.round((performance.now() - from) / 1000)} s`);
  } finally {
    clearInterval(timer);
  }
};

const build = async (name: ToolName, path: string): Promise<void> => {
  const { source, package: what, minutes } = tools[name];
  const go = findProgram('go');
  if (go === undefined)
    throw new Error(
      `Cannot build ${name} ${source.version}: "go" is not on the PATH, install Go 1.25 or newer, or set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver and kubectl`,
    );
  say(`Setting up: building ${name} ${source.version} from its Go module (once; about ${minutes} min)`);
  const folder = mkdtempSync(join(cacheFolder(), 'building-'));
  try {
    writeFileSync(join(folder, 'go.mod'), goModOf(source));
    const stamps = (source.stamps ?? []).map((stamp) => `-X ${stamp}`);
    const out = join(folder, name);
    const flags = ['-mod=mod', '-trimpath', '-ldflags', ['-s', '-w', ...stamps].join(' '), '-o', out];
    await run(name, unlessBuilt(path, [go, 'build', ...flags, what]), folder);
    if (isProgram(out)) renameSync(out, path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/**
 * Path of a program of the test cluster: from the folder that KUBEBUILDER_ASSETS names, if it is there, else from the
 * cache, else built into it from its Go module.
 * @throws Error when it has to be built and there is no Go, or the build fails
 */
export const ensureTool = async (name: ToolName): Promise<string> => {
  const given = process.env['KUBEBUILDER_ASSETS'];
  if (given !== undefined && isProgram(join(given, name))) return join(given, name);
  const { source } = tools[name];
  const folder = join(cacheFolder(), source.name, source.version);
  const path = join(folder, name);
  if (isProgram(path)) return path;
  mkdirSync(folder, { recursive: true });
  await build(name, path);
  return path;
};

/** One after the other, as each build uses all cores. */
export const ensureTools = async <const Name extends ToolName>(
  ...names: readonly Name[]
): Promise<Readonly<Record<Name, string>>> => {
  const paths: Partial<Record<Name, string>> = {};
  for (const name of names) paths[name] = await ensureTool(name);
  return paths as Record<Name, string>;
};
