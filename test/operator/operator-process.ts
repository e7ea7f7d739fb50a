import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { freePorts } from '../servers/daemon.ts';

const main = join(import.meta.dirname, '..', '..', 'operator', 'src', 'main.ts');
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
  kubeconfig: string,
  flags: Readonly<Record<string, string>> = {},
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
  const child = spawn(process.execPath, ['--conditions=source', `--import=${endsWithParent}`, main, ...words], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { PATH: process.env['PATH'], KUBECONFIG: kubeconfig },
  });
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
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
      const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
      const found = text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
      return found.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    },
    kill: async () => void (await end('SIGKILL')),
    terminate: () => end('SIGTERM'),
  };
};
