import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts } from '../servers/daemon.ts';

const operator = join(import.meta.dirname, '..', '..', 'operator');

/** The sources, or what was compiled of them, as in the image. */
const mains = {
  sources: ['--conditions=source', join(operator, 'src', 'main.ts')],
  compiled: [join(operator, 'dist', 'main.js')],
} as const;

/** What the chart tells Node and its allocator. */
const chart = join(operator, '..', 'charts', 'groundswell', 'templates', 'deployment.yaml');
const tuning = (): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...readFileSync(chart, 'utf8').matchAll(/- name: (NODE_OPTIONS|MALLOC_ARENA_MAX)\n\s+value: "?([^"\n]*)/g)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  );

/** What a pod is told of the API server. */
export interface ServiceAccount {
  readonly host: string;
  readonly port: string;
  /** Has `ca.crt`, `token` and `namespace`. */
  readonly folder: string;
}
const endsWithParent = join(import.meta.dirname, '..', 'stores', 'path', 'end-with-parent.ts');

/** One line of its log. */
interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** A replica of the operator, in a process of its own as in a pod. */
export interface OperatorProcess {
  readonly identity: string;
  readonly pid: number;
  readonly healthUrl: string;
  lines(): readonly LogLine[];
  /** A metric as `/metrics` tells it; the sum over its labels. */
  metric(name: string): Promise<number>;
  /** All of `/metrics`. */
  metrics(): Promise<string>;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves to the code that it exits with. */
  terminate(): Promise<number | null>;
}

let count = 0;

const gone = async (child: ChildProcess): Promise<number | null> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
};

export const startOperator = async (
  { host, port, folder }: ServiceAccount,
  flags: Readonly<Record<string, string>> = {},
  code: keyof typeof mains = 'sources',
): Promise<OperatorProcess> => {
  const [healthPort = 0, metricsPort = 0] = await freePorts(2);
  count += 1;
  const identity = `operator-${count}`;
  const all = {
    'health-address': `127.0.0.1:${healthPort}`,
    'metrics-address': `127.0.0.1:${metricsPort}`,
    'lease-namespace': 'groundswell-system',
    'lease-seconds': '3',
    identity,
    ...flags,
  };
  const words = Object.entries(all).map(([flag, value]) => `--${flag}=${value}`);
  const child = spawn(process.execPath, [`--import=${endsWithParent}`, ...mains[code], ...words], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {
      PATH: process.env['PATH'],
      ...tuning(),
      KUBERNETES_SERVICE_HOST: host,
      KUBERNETES_SERVICE_PORT: port,
      SERVICE_ACCOUNT_FOLDER: folder,
    },
  });
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  // A connection that is kept may be closed by the other side just when it is used again.
  const unkept = { headers: { connection: 'close' } };
  const metrics = async (): Promise<string> => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`, unkept)).text();
  const end = (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return gone(child);
  };
  return {
    identity,
    pid: child.pid ?? 0,
    healthUrl: `http://127.0.0.1:${healthPort}`,
    lines: () =>
      log
        .split('\n')
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as LogLine),
    metric: async (name) => {
      const found = (await metrics())
        .split('\n')
        .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
      return found.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    },
    metrics,
    kill: async () => void (await end('SIGKILL')),
    terminate: () => end('SIGTERM'),
  };
};
