import type { Ablation } from '@groundswell/trainer';
import { ageOf, tableOf } from './report.ts';

const figure = (value: number | null | undefined): string => value?.toFixed(3) ?? '–';

const difference = (whole: number | null | undefined, without: number | null | undefined): string => {
  if (whole == null || without == null) return '–';
  return `${whole >= without ? '+' : '−'}${Math.abs(whole - without).toFixed(3)}`;
};

/** How much ROC-AUC each brings: with all features, less without it. What brought most stands first. */
export const renderAblation = ({ rows, testRows, ages, without }: Ablation): readonly string[] => {
  const broughtAt = (part: Ablation['without'][number], i: number): number =>
    (ages[i]?.auc ?? 0) - (part.ages[i]?.auc ?? 0);
  const brought = (part: Ablation['without'][number]): number => Math.max(...ages.map((_, i) => broughtAt(part, i)));
  const parts = [...without].sort((a, b) => brought(b) - brought(a));
  return [
    `Trained on ${rows} rows, judged by ${testRows}. ROC-AUC with all features, and what each of these brings to it:`,
    '',
    ...tableOf([
      ['', 'features', ...ages.map(({ ageMs }) => ageOf(ageMs))],
      [
        'all',
        String(without.reduce((sum, { features }) => sum + features.length, 0)),
        ...ages.map(({ auc }) => figure(auc)),
      ],
      ...parts.map((part) => [
        part.name,
        String(part.features.length),
        ...ages.map(({ auc }, i) => difference(auc, part.ages[i]?.auc)),
      ]),
    ]),
  ];
};
