import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A server of ours on loopback, that can be killed as well. */
export interface Daemon {
  readonly pid: number;
  /** Ends it in good order, by SIGTERM; by SIGKILL when it takes too long. */
  stop(): Promise<void>;
  /** kill -9. */
  kill(): Promise<void>;
}

export interface DaemonOptions {
  readonly command: string;
  readonly words: readonly string[];
  readonly folder: string;
  /** Printed when it takes requests. */
  readonly readyText: string;
  readonly readyWithinMs: number;
}

const running = new Set<ChildProcess>();
// The last resort, should the tests end without stopping what they started.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

const exited = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  running.delete(child);
};

/** Resolves when the server says that it is ready. @throws Error with the end of its output when it never does */
export const startDaemon = async (options: DaemonOptions): Promise<Daemon> => {
  const { command, words, folder, readyText, readyWithinMs } = options;
  const child = spawn(command, words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const fail = (what: string): void => {
      child.kill('SIGKILL');
      reject(new Error(`Cannot start ${command}: ${what}; its last words were:\n${output.slice(-2000)}`));
    };
    const timer = setTimeout(() => fail(`not ready within ${readyWithinMs / 1000} s`), readyWithinMs);
    const listen = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-20_000);
      if (!output.includes(readyText)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`it ended with ${code}`));
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await exited(child);
    clearTimeout(timer);
  };
  return { pid: child.pid ?? 0, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
};

/** Ports of loopback that nobody uses now. */
export const freePorts = async (count: number): Promise<number[]> => {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  const ports = await Promise.all(
    servers.map(async (server) => {
      await once(server, 'listening');
      return (server.address() as { port: number }).port;
    }),
  );
  for (const server of servers) server.close();
  return ports;
};
