import { formatInteger } from '../terminal/format.ts';
import type { ModelChange, PlanReport } from './compare.ts';

/** US dollars a month, on demand, for the load that is asked about. */
export interface PlanCost {
  readonly old: number;
  readonly new: number;
}

type Row = readonly (string | number)[];

const table = (head: Row, rows: readonly Row[]): readonly string[] => [
  `| ${head.join(' | ')} |`,
  `|${head.map(() => '---').join('|')}|`,
  ...rows.map((row) => `| ${row.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`),
];

const rank = (value: number | undefined): string => (value === undefined ? '–' : String(value));
const psiText = (psi: number | null): string => (psi === null ? '–' : psi.toFixed(3));

/** From here on, by custom, a distribution is another one. */
const noticeable = 0.1;

const modelLines = ({ model, predictions, top, overlap, scorePsi, features }: ModelChange): readonly string[] => {
  const moved = top.filter((post) => post.old !== post.new);
  const shifted = features.filter(({ psi, change }) => change !== undefined || (psi !== null && psi >= noticeable));
  const sorted = shifted.toSorted((a, b) => (b.psi ?? Infinity) - (a.psi ?? Infinity));
  return [
    '',
    `### Model ${model}`,
    '',
    `${formatInteger(predictions.old)} predictions → ${formatInteger(predictions.new)}; shift of scores (PSI) ${psiText(scorePsi)}; ${Math.round(overlap * 100)} % of the old top 10 stay.`,
    ...(moved.length === 0
      ? ['The top 10 is the same.']
      : [
          '',
          ...table(
            ['post', 'old rank', 'new rank'],
            moved.map((post) => [post.post_id, rank(post.old), rank(post.new)]),
          ),
        ]),
    ...(sorted.length === 0
      ? ['No feature shifts noticeably (PSI below 0.1).']
      : [
          '',
          ...table(
            ['feature', 'PSI'],
            sorted.map(({ name, psi, change }) => [name, change ?? psiText(psi)]),
          ),
        ]),
  ];
};

const programLines = (programs: PlanReport['programs']): readonly string[] =>
  programs.length === 0
    ? ['No program changes.']
    : table(
        ['program', 'change'],
        programs.map(({ name, change }) => [name, change === 'live' ? 'live, without a restart' : change]),
      );

const fired = (count: number | null): string => (count === null ? '–' : String(count));

/** The report as Markdown: what a terminal shows, and a comment for a pull request. */
export const renderPlan = ({ programs, models, alerts }: PlanReport, cost: PlanCost): readonly string[] => {
  const difference = Math.round(cost.new) - Math.round(cost.old);
  return [
    '## What would change',
    '',
    ...programLines(programs),
    ...models.flatMap(modelLines),
    ...(alerts.length === 0
      ? []
      : [
          '',
          '### Alerts',
          '',
          ...table(
            ['rule', 'old', 'new'],
            alerts.map((each) => [each.rule, fired(each.old), fired(each.new)]),
          ),
        ]),
    '',
    `Cost at a million posts an hour (\`groundswell cost\`): $${formatInteger(cost.old)} → $${formatInteger(cost.new)} a month (${difference >= 0 ? '+' : '−'}$${formatInteger(Math.abs(difference))}).`,
  ];
};
