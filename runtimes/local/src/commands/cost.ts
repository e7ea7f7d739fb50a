import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Program } from '@groundswell/graph';
import { parse } from 'yaml';
import { Assumptions } from '../cost/assumptions.ts';
import { estimate, type Load } from '../cost/estimate.ts';
import { renderEstimate } from '../cost/render.ts';
import { loadPrograms } from '../load.ts';
import { type Form, print } from '../terminal/print.ts';

export interface CostOptions {
  readonly file: readonly string[];
  readonly postsPerHour: number;
  readonly eventsPerPost: number;
  readonly requestsPerSecond: number;
  /** YAML; absent: those of the project. */
  readonly assumptions?: string;
  readonly output: Form;
}

/** JSON of an event that was measured with (docs/performance/windows.md). */
const eventBytes = 281;
const day = 86_400_000;

const standard = join(import.meta.dirname, '..', 'cost', 'assumptions.yaml');

const readAssumptions = async (path: string): Promise<Assumptions> => {
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
const shapeOf = (programs: readonly Program[]): Omit<Load, 'postsPerHour' | 'eventsPerPost' | 'requestsPerSecond'> => {
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

/** What a load costs on AWS in a month. */
export const cost = async (options: CostOptions): Promise<void> => {
  const { file, postsPerHour, eventsPerPost, requestsPerSecond, output } = options;
  const assumptions = await readAssumptions(options.assumptions ?? standard);
  const programs = file.length === 0 ? [] : (await loadPrograms(file, 'cluster')).programs;
  const load: Load = { ...shapeOf(programs), postsPerHour, eventsPerPost, requestsPerSecond };
  const of = estimate(load, assumptions);
  print(output, { load, ...of, assumptions }, () => renderEstimate(load, of, assumptions));
};
