import type { Program } from '@groundswell/graph';
import { ablation } from '../evaluate/ablate.ts';
import { renderAblation } from '../evaluate/ablation-report.ts';
import { evaluate } from '../evaluate/evaluate.ts';
import { evaluateRecommender, recommenderOf } from '../evaluate/recommender/evaluate-recommender.ts';
import { renderRecommenderReport } from '../evaluate/recommender/report.ts';
import { renderReport } from '../evaluate/report.ts';
import { loadPrograms } from '../load.ts';
import { baseDirectoryOf } from '../resources.ts';
import { createProgressLine } from '../terminal/progress.ts';

export interface EvaluateCommandOptions {
  readonly file: readonly string[];
  readonly data: readonly string[];
  readonly test?: string;
  readonly trainShare: number;
  readonly labels: 'final' | 'matured';
  readonly model?: string;
  readonly recommender?: string;
  readonly ablate?: 'groups' | 'features';
  readonly output: 'table' | 'json';
}

export const evaluateCommand = async (options: EvaluateCommandOptions): Promise<void> => {
  const { file, data, test, trainShare, labels, model, ablate, output } = options;
  const { programs } = await loadPrograms(file, 'local');
  const write = <T>(found: T, render: (found: T) => readonly string[]): void => {
    process.stdout.write(output === 'json' ? `${JSON.stringify(found)}\n` : `${render(found).join('\n')}\n`);
  };
  const evaluated = {
    programs,
    directory: await baseDirectoryOf(file),
    dataDirectories: data,
    trainShare,
    labels,
    progress: createProgressLine(process.stderr, Date.now),
    ...(model !== undefined && { model }),
    ...(test !== undefined && { testDirectory: test }),
  };
  if (meansRecommender(options, programs)) {
    const recommender = recommenderOf(programs, options.recommender);
    write(await evaluateRecommender({ ...evaluated, recommender }), renderRecommenderReport);
    return;
  }
  if (ablate !== undefined) {
    const found = await ablation(evaluated, ablate);
    write(found, renderAblation);
    return;
  }
  const report = await evaluate(evaluated);
  write(report, renderReport);
};

/** Of the resources, what is evaluated where nothing is named: a model that is trained, else the Recommender. */
const meansRecommender = ({ recommender, model }: EvaluateCommandOptions, programs: readonly Program[]): boolean => {
  if (recommender !== undefined || model !== undefined) return recommender !== undefined;
  const kinds = new Set(programs.map(({ kind }) => kind));
  return kinds.has('recommend') && !kinds.has('trainer');
};
