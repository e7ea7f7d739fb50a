import { type Compiled, compile, formatProblem, parseFiles, resolve } from '@groundswell/graph';
import { readResources } from './resources.ts';

/** The resources cannot run; one line for each problem, with file, line and field. */
export class ResourceProblemsError extends Error {
  override readonly name = 'ResourceProblemsError';
  readonly lines: readonly string[];
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

export interface Loaded extends Omit<Compiled, 'problems'> {
  /** What was accepted but has no effect here, one line each. */
  readonly warnings: readonly string[];
}

/**
 * Reads, checks and compiles what `-f` names.
 *
 * @throws ResourceProblemsError with all problems at once
 */
export const loadPrograms = async (paths: readonly string[], target: 'local' | 'cluster'): Promise<Loaded> => {
  const parsed = parseFiles(await readResources(paths));
  const graph = resolve(parsed.resources);
  const compiled = compile(graph, { target });
  const problems = [...parsed.problems, ...graph.problems, ...compiled.problems];
  const errors = problems.filter((problem) => problem.severity === 'error');
  if (errors.length > 0) throw new ResourceProblemsError(errors.map(formatProblem));
  const pipelines = [...new Set(compiled.programs.map(({ pipeline }) => `"${pipeline}"`))];
  if (target === 'local' && pipelines.length > 1)
    throw new ResourceProblemsError([
      `Cannot run pipelines ${pipelines.join(' and ')} in one process: several are not supported yet, pass the files of one with -f`,
    ]);
  const { programs, placements, pipelines: shared } = compiled;
  return {
    programs,
    placements,
    pipelines: shared,
    warnings: problems.filter((problem) => problem.severity === 'warning').map(formatProblem),
  };
};
