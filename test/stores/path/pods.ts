import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Program } from '@groundswell/graph';
import { freePorts } from '../../servers/daemon.ts';

const endsWithParent = join(import.meta.dirname, 'end-with-parent.ts');
const runtimes = join(import.meta.dirname, '..', '..', '..', 'runtimes');

/** One program in a process of its own, as in a pod. */
export interface Pod {
  readonly program: Program;
  /** Of its health and metrics. */
  readonly healthUrl: string;
  /** Of what the API serves. */
  readonly url: string;
  /** Resolves to the code or signal that it ended with. */
  readonly exited: Promise<number | NodeJS.Signals | null>;
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void;
  /** Kills with -9, and resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves to the code that it exits with. */
  terminate(): Promise<number | null>;
  /** @throws Error with its last words when it ended by itself */
  check(): void;
  /** What it answers to the kubelet, and has logged last. */
  describe(): Promise<string>;
}

export interface PodsOptions {
  readonly folder: string;
  readonly brokers: readonly string[];
  readonly redis: string;
  /** Where states lie instead of the changelog. */
  readonly stateFolder?: string;
  /** The file that runs instead of the program's own. */
  readonly main?: string;
  /** Absent: the least that a broker takes unless it is set up otherwise. */
  readonly sessionTimeoutMs?: number;
}

const gone = async (child: ChildProcess): Promise<number | null> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
};

const host = '127.0.0.1';

interface Start {
  readonly file: string;
  readonly healthPort: number;
  readonly port: number;
}

const spawnPod = (
  program: Program,
  { file, healthPort, port }: Start,
  { brokers, redis, sessionTimeoutMs = 6_000, ...options }: PodsOptions,
) => {
  const main = options.main ?? join(runtimes, program.kind, 'src', 'main.ts');
  return spawn(process.execPath, ['--conditions=source', `--import=${endsWithParent}`, main], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      GROUNDSWELL_PROGRAM: file,
      KAFKA_BROKERS: brokers.join(','),
      REDIS_URL: `redis://${redis}`,
      ...(options.stateFolder !== undefined && { STATE_FOLDER: options.stateFolder }),
      ...{ HEALTH_HOST: host, HEALTH_PORT: String(healthPort), HTTP_HOST: host, HTTP_PORT: String(port) },
      // What a killed pod had is given to the next one after this.
      ...{ SESSION_TIMEOUT_MS: String(sessionTimeoutMs), SAVE_EVERY_MS: '1000' },
    },
  });
};

export const startPod = async (program: Program, options: PodsOptions): Promise<Pod> => {
  const [healthPort = 0, port = 0] = await freePorts(2);
  const file = join(options.folder, `${program.name}-${healthPort}.json`);
  await writeFile(file, JSON.stringify(program));
  const child = spawnPod(program, { file, healthPort, port }, options);
  let words = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-4_000);
    });
  let isEnding = false;
  const end = (signal: NodeJS.Signals): Promise<number | null> => {
    isEnding = true;
    child.kill(signal);
    return gone(child);
  };
  const healthUrl = `http://${host}:${healthPort}`;
  return {
    program,
    describe: async () => {
      const answer = await fetch(`${healthUrl}/readyz`).then((response) => response.text(), String);
      return `${program.name}: ${answer.trim()}\n${words.slice(-1_500)}`;
    },
    exited: gone(child).then((code) => code ?? child.signalCode),
    signal: (signal) => void child.kill(signal),
    healthUrl,
    url: `http://${host}:${port}`,
    kill: async () => void (await end('SIGKILL')),
    terminate: () => end('SIGTERM'),
    check: () => {
      const code = child.exitCode ?? child.signalCode;
      if (code !== null && !isEnding) throw new Error(`${program.name} ended with ${code}:\n${words}`);
    },
  };
};

/** Looks again and again, as servers and pods have their own time. @throws Error after `withinMs` */
export const eventually = async (
  what: string,
  isSo: () => Promise<boolean>,
  { pods, withinMs = 60_000 }: { readonly pods: readonly Pod[]; readonly withinMs?: number },
): Promise<void> => {
  const deadline = performance.now() + withinMs;
  while (!(await isSo())) {
    for (const pod of pods) pod.check();
    if (performance.now() > deadline) {
      const states = await Promise.all(pods.map((pod) => pod.describe()));
      throw new Error(`Waited ${withinMs / 1000} s in vain until ${what}\n${states.join('\n')}`);
    }
    await wait(100);
  }
};

export const isReady = async ({ healthUrl }: Pod): Promise<boolean> =>
  (await fetch(`${healthUrl}/readyz`).catch(() => undefined))?.ok === true;
