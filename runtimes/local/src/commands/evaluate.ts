import { ablation } from '../evaluate/ablate.ts';
import { renderAblation } from '../evaluate/ablation-report.ts';
import { evaluate } from '../evaluate/evaluate.ts';
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
  readonly ablate?: 'groups' | 'features';
  readonly output: 'table' | 'json';
}

export const evaluateCommand = async (options: EvaluateCommandOptions): Promise<void> => {
  const { file, data, test, trainShare, labels, model, ablate, output } = options;
  const { programs } = await loadPrograms(file, 'local');
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
  if (ablate !== undefined) {
    const found = await ablation(evaluated, ablate);
    process.stdout.write(output === 'json' ? `${JSON.stringify(found)}\n` : `${renderAblation(found).join('\n')}\n`);
    return;
  }
  const report = await evaluate(evaluated);
  process.stdout.write(output === 'json' ? `${JSON.stringify(report)}\n` : `${renderReport(report).join('\n')}\n`);
};
