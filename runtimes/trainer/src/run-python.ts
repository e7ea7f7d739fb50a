import { spawn } from 'node:child_process';
import { join } from 'node:path';

const trainer = join(import.meta.dirname, '..', 'run');

export interface PythonOptions {
  readonly signal?: AbortSignal;
  /** Takes the lines of progress. */
  readonly say: (line: string) => void;
}

/**
 * Runs the trainer's Python, which is set up when it is first used.
 *
 * @throws Error with its last line where it fails
 */
export const runPython = (args: readonly string[], { say, signal }: PythonOptions): Promise<void> =>
  new Promise((resolve, reject) => {
    const child = spawn(trainer, args, {
      stdio: ['ignore', 'inherit', 'pipe'],
      ...(signal !== undefined && { signal }),
    });
    let last = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      for (const line of text.split('\n').filter((line) => line.trim() !== '')) {
        last = line;
        say(line);
      }
    });
    child.on('error', (cause) =>
      reject(
        signal?.aborted === true
          ? cause
          : new Error('Cannot start the trainer: Python 3.11 or newer is needed', { cause }),
      ),
    );
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(last || `Cannot train: the trainer ended with code ${code}`)),
    );
  });
