import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Cost } from './flink.ts';
import type { Task } from './task.ts';

const run = promisify(execFile);

/** What a task takes in a process of its own, without its start. */
export const timeOurs = async (task: Task): Promise<Cost & { readonly results: number }> => {
  const script = join(import.meta.dirname, 'task.ts');
  const { stdout } = await run(process.execPath, ['--conditions=source', script, JSON.stringify(task)]);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
};
