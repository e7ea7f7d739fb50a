import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** @returns what it prints. @throws Error with what it says on standard error when it fails */
export type Kubectl = (...words: readonly string[]) => Promise<string>;

interface Run {
  readonly command: string;
  readonly kubeconfig: string;
  /** For its standard input. */
  readonly input?: string;
}

/** Runs a program of the cluster as the user of a kubeconfig. */
export const runWith = async ({ command, kubeconfig, input = '' }: Run, words: readonly string[]): Promise<string> => {
  // What kubectl remembers of a server for ten minutes is wrong as soon as a CRD comes; so it has nowhere to keep it.
  const env = { ...process.env, KUBECONFIG: kubeconfig, KUBECACHEDIR: '/dev/null' };
  const child = spawn(command, words, { env, stdio: 'pipe' });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  // A program that ends early does not read it all; its exit code says why.
  child.stdin.on('error', () => undefined).end(input);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return output;
  throw new Error(`${command.split('/').at(-1)} ${words.join(' ')} ended with ${code}:\n${errors || output}`);
};
