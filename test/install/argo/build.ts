import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, findProgram, isProgram, say } from '../../servers/programs.ts';

/** Newer ones replace a module by a folder that is not in their zip. */
const version = '3.2.11';
const argoCd = `github.com/argoproj/argo-cd/v3`;

const go = async (folder: string, ...words: readonly string[]): Promise<string> => {
  const command = findProgram('go');
  if (command === undefined)
    throw new Error(`Cannot build Argo CD ${version}: "go" is not on the PATH, install Go 1.25 or newer`);
  const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOFLAGS: '-mod=mod -buildvcs=false' };
  const child = spawn(command, words, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors = (errors + chunk.toString()).slice(-4_000);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return output;
  throw new Error(`Cannot build Argo CD ${version}: go ended with ${code}; its last words were:\n${errors}`);
};

/** Argo CD says in its own go.mod which versions of Kubernetes' modules go together; a go.mod that requires it has to repeat it. */
const replacesOf = (goMod: string): string => /^replace \(\n[\s\S]*?^\)/m.exec(goMod)?.[0] ?? '';

const build = async (path: string): Promise<void> => {
  say(`Setting up: building what runs Lua in Argo CD ${version} from its Go module (once; about 5 min)`);
  mkdirSync(cacheFolder(), { recursive: true });
  const folder = mkdtempSync(join(cacheFolder(), 'building-'));
  try {
    cpSync(join(import.meta.dirname, 'main.go'), join(folder, 'main.go'));
    const found = JSON.parse(await go(folder, 'mod', 'download', '-json', `${argoCd}@v${version}`)) as {
      GoMod: string;
    };
    const replaces = replacesOf(readFileSync(found.GoMod, 'utf8'));
    const words = ['module groundswell.dev/argo-lua', 'go 1.24.0', `require ${argoCd} v${version}`, replaces];
    writeFileSync(join(folder, 'go.mod'), `${words.join('\n')}\n`);
    await go(folder, 'build', '-trimpath', '-ldflags', '-s -w', '-o', 'argo-lua', '.');
    renameSync(join(folder, 'argo-lua'), path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** The program of main.go here; from the cache when it was built before. */
export const ensureArgoLua = async (): Promise<string> => {
  const folder = join(cacheFolder(), 'argo-lua', version);
  const path = join(folder, 'argo-lua');
  if (isProgram(path)) return path;
  mkdirSync(folder, { recursive: true });
  await build(path);
  return path;
};
