import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Program } from '@groundswell/graph';
import { parse } from 'yaml';
import { Assumptions } from './assumptions.ts';
import type { Load } from './estimate.ts';

/** JSON of an event that was measured with (docs/performance/windows.md). */
const eventBytes = 281;
const day = 86_400_000;

const standard = join(import.meta.dirname, 'assumptions.yaml');

/** Those of the project, or of a file. @throws Error where it cannot be used */
export const readAssumptions = async (path = standard): Promise<Assumptions> => {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Error(`Cannot read "${path}": there is no such file, name one with prices, capacity and habits`, {
      cause,
    });
  });
  const { data, error } = Assumptions.safeParse(parse(text));
  if (data !== undefined) return data;
  const [issue] = error.issues;
  throw new Error(`Cannot use "${path}": ${issue?.path.join('.')}: ${issue?.message}`);
};

/** What resources ask for; without any, the reference: as examples/virality, with posts kept for a day. */
export const shapeOf = (
  programs: readonly Program[],
): Omit<Load, 'postsPerHour' | 'eventsPerPost' | 'requestsPerSecond'> => {
  if (programs.length === 0)
    return { eventBytes, windows: 7, models: 1, scoresPerPost: 16, retentionMs: 4 * day, resultsMs: day };
  const scorers = programs.filter((program) => program.kind === 'scorer');
  const scores = scorers.map(({ atMs, variants }) => Math.max(1, atMs.length) * Math.max(1, variants.length));
  const source = programs.find((program) => program.kind === 'ingest');
  return {
    eventBytes,
    windows: programs.filter(({ kind }) => kind === 'window').length,
    models: scorers.length,
    scoresPerPost: Math.max(0, ...scores),
    retentionMs: source?.output.retentionMs ?? 4 * day,
    resultsMs: Math.max(0, ...scorers.map(({ ttlMs }) => ttlMs)),
  };
};
