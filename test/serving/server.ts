import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const main = join(import.meta.dirname, '..', '..', 'runtimes', 'local', 'src', 'main.ts');

export interface Server {
  readonly child: ChildProcess;
  /** `host:port`. */
  readonly http: string;
  readonly grpc: string;
  stop(): Promise<void>;
}

/** `groundswell serve` in a process of its own, on free ports of loopback. */
export const startServer = (models: readonly string[], args: readonly string[] = []): Promise<Server> => {
  const words = ['--conditions=source', main, 'serve', ...models, '--http-port', '0', '--grpc-port', '0', ...args];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const [, http, grpc] = /http:\/\/(\S+?)\/v2 and (\S+) \(gRPC\)/.exec(said) ?? [];
      if (http === undefined || grpc === undefined) return;
      const stop = (): Promise<void> => {
        child.kill('SIGTERM');
        return ended;
      };
      resolve({ child, http, grpc, stop });
    });
    child.once('exit', (code) =>
      reject(new Error(`Cannot serve: the process ended with ${code}, see its output above`)),
    );
  });
};
