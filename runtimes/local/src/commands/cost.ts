import { estimate, type Load } from '../cost/estimate.ts';
import { readAssumptions, shapeOf } from '../cost/load-of.ts';
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

/** What a load costs on AWS in a month. */
export const cost = async (options: CostOptions): Promise<void> => {
  const { file, postsPerHour, eventsPerPost, requestsPerSecond, output } = options;
  const assumptions = await readAssumptions(options.assumptions);
  const programs = file.length === 0 ? [] : (await loadPrograms(file, 'cluster')).programs;
  const load: Load = { ...shapeOf(programs), postsPerHour, eventsPerPost, requestsPerSecond };
  const of = estimate(load, assumptions);
  print(output, { load, ...of, assumptions }, () => renderEstimate(load, of, assumptions));
};
