import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Block } from './page.ts';
import { root } from './page.ts';

/** A reader who does what a page says, in a clone of the repository. */
export interface Session {
  /** Runs the commands of a block. Answers what they print. @throws {Error} if one fails, with what it said */
  run(block: Block): Promise<string>;
  end(): Promise<void>;
}

const startsSomething = /^(groundswell up|make demo)\b/m;
const staysUp = (text: string): boolean => startsSomething.test(text) && !text.includes('--exit-when-done');

/** What a page writes with the default port, with one that is free. */
const withPort = (text: string, port: number): string =>
  text
    .replaceAll('localhost:8080', `127.0.0.1:${port}`)
    .replace(/^groundswell up .*$/gm, `$& --port ${port} --http-port 0 --grpc-port 0`)
    .replace(/^make demo.*$/gm, `$& ARGS="--port ${port} --http-port 0 --grpc-port 0"`);

const run = promisify(execFile);

/** `cwd` has all that the clone has; what the reader makes beside it goes with the session. */
const cloneOf = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'groundswell-docs-'));
  for (const name of await readdir(root)) if (name !== '.git') await symlink(join(root, name), join(folder, name));
  return folder;
};

export const startSession = async (port: number): Promise<Session> => {
  const cwd = await cloneOf();
  let exported = '';
  let running: { readonly child: ChildProcess; printed: string } | undefined;

  const stop = async (): Promise<void> => {
    const { child } = running ?? {};
    running = undefined;
    if (child?.pid === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('close', resolve));
    process.kill(-child.pid, 'SIGINT');
    await ended;
  };
  const start = async (script: string): Promise<string> => {
    await stop();
    const child = spawn('bash', ['-euc', `${exported}${script}`], {
      cwd,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const here = { child, printed: '' };
    running = here;
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        here.printed = (here.printed + text).slice(-20_000);
      });
    const isReady = () =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    while (!(await isReady())) {
      if (child.exitCode !== null) throw new Error(`Cannot start ${script}: it ended\n${here.printed}`);
      await sleep(200);
    }
    return here.printed;
  };
  return {
    run: async ({ text }) => {
      const script = withPort(text, port);
      // Each block is a shell of its own; what one defines, the following ones have.
      const kept = script.split('\n').filter((line) => /^(export \w+=|\w+\(\) \{.*\}$)/.test(line));
      if (staysUp(text)) {
        exported += kept.map((line) => `${line}\n`).join('');
        return start(script);
      }
      const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', `exec 2>&1\n${exported}${script}`], { cwd });
      exported += kept.map((line) => `${line}\n`).join('');
      return stdout;
    },
    end: async () => {
      await stop();
      await rm(cwd, { recursive: true, force: true });
    },
  };
};
