import type { RolloutStatus } from '@groundswell/wire';
import { formatAge, formatInteger } from './format.ts';
import { renderTable } from './table.ts';

const figure = (value: number | null): string => value?.toFixed(3) ?? '–';
const interval = (low: number | null, high: number | null): string =>
  low === null || high === null ? '' : ` (${low.toFixed(3)} to ${high.toFixed(3)})`;

type Measured = RolloutStatus['champion'];

const sideOf = ({ name, sha256, share, labels, auc, aucLow, aucHigh, calibrationError, p99Ms }: Measured) => [
  ...[name, sha256.slice(0, 8), `${Number(share.toFixed(1))} %`, formatInteger(labels)],
  ...[
    `${figure(auc)}${interval(aucLow, aucHigh)}`,
    figure(calibrationError),
    p99Ms === null ? '–' : `${Math.round(p99Ms)} ms`,
  ],
];

const columns = ['variant', 'sha256', 'share', 'labels', 'ROC-AUC', 'calibration error', 'p99'];

/** What is still missing, where it can be told. */
const outlookOf = ({ verdict: { labels, labelsNeeded, expectedAt }, at }: RolloutStatus): string => {
  if (labelsNeeded === null) return `${formatInteger(labels)} labels so far`;
  const when = expectedAt === null || expectedAt <= at ? '' : `, in about ${formatAge(expectedAt - at)} at this pace`;
  return `${formatInteger(labels)} of about ${formatInteger(labelsNeeded)} labels${when}`;
};

/** One rollout as people read it: where it stands, what the evidence says, and both variants. */
export const renderRollout = (status: RolloutStatus): readonly string[] => {
  const { model, phase, step, steps, since, at, doing, verdict, champion, challenger, missing, corrected } = status;
  const difference =
    verdict.difference === null
      ? ''
      : `, ${verdict.metric} differs by ${figure(verdict.difference)}${interval(verdict.low, verdict.high)}`;
  const odd = [
    ...(missing > 0 ? [`${formatInteger(missing)} labels never came`] : []),
    ...(corrected > 0 ? [`${formatInteger(corrected)} were corrected`] : []),
  ];
  return [
    `${model}: ${phase}, step ${Math.min(step + 1, steps)} of ${steps} for ${formatAge(Math.max(0, at - since))}`,
    `  ${doing}`,
    `  ${verdict.state}: ${verdict.reason}`,
    `  ${[outlookOf(status), ...odd].join(', ')}${difference}`,
    '',
    ...renderTable(columns, [champion, challenger].map(sideOf), { width: Number.POSITIVE_INFINITY }).map(
      (line) => `  ${line}`,
    ),
  ];
};
