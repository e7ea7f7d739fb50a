import { createConditions, createRule, createShelf, type Scope } from '@groundswell/alerting';
import { referencesOf } from '@groundswell/cel';
import type { AlertRule, Program, ScorerProgram } from '@groundswell/graph';
import type { Prediction } from '@groundswell/wire';

/** Alerts that fired, by rule; undefined of a rule that looks at what predictions do not have. */
export type FiredByRule = Readonly<Record<string, number | undefined>>;

type Windows = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Window values as the model saw them, which is all that predictions keep of windows. */
const windowsSeen = ({ features }: ScorerProgram, { vector }: Prediction): Windows => {
  const windows: Record<string, Record<string, unknown>> = {};
  const visible = features.filter(({ hidden }) => !hidden);
  for (const [i, { source }] of visible.entries()) {
    const value = vector[i];
    if (source.kind !== 'window' || value === null || value === undefined) continue;
    windows[source.window] = { ...windows[source.window], [source.field]: value };
  }
  return windows;
};

const known = ['post_id', 'author_id', 'posted_at', 'age'];

const canReplay = ({ when, until = 'true', once, group }: AlertRule, scorers: readonly ScorerProgram[]): boolean => {
  const seen = new Set(
    scorers.flatMap(({ features }) =>
      features.flatMap(({ source, hidden }) =>
        source.kind === 'window' && !hidden ? [`${source.window}.${source.field}`] : [],
      ),
    ),
  );
  const paths = [when, until, once.key, group?.by ?? 'true'].flatMap((source) => referencesOf(source).paths);
  return paths.every(({ path: [variable, first = '', second = ''] }) => {
    if (variable === 'windows') return seen.has(`${first}.${second}`);
    return variable !== 'post' || known.includes(first);
  });
};

/** Runs the rules over what was predicted, in its order. */
export const replayAlerts = (programs: readonly Program[], predictions: readonly Prediction[]): FiredByRule => {
  const scorers = programs.filter((program) => program.kind === 'scorer');
  const rules = programs.flatMap((program) => (program.kind === 'alerter' ? program.rules : []));
  const runnable = rules.filter((rule) => canReplay(rule, scorers));
  const conditions = createConditions(runnable.map(createRule), createShelf({}));
  const fired: Record<string, number | undefined> = Object.fromEntries(
    rules.map((rule) => [rule.name, runnable.includes(rule) ? 0 : undefined]),
  );
  for (const prediction of predictions) {
    const scorer = scorers.find(({ model }) => model === prediction.model);
    if (prediction.shadow || scorer === undefined) continue;
    const { post_id, author_id, posted_at, age_ms: age } = prediction;
    const scope: Scope = {
      prediction,
      post: { post_id, author_id, posted_at, age },
      windows: windowsSeen(scorer, prediction),
    };
    for (const verdict of conditions.observe(scope, prediction.scored_at))
      if (verdict.kind === 'fired') fired[verdict.alert.rule] = (fired[verdict.alert.rule] ?? 0) + 1;
  }
  return fired;
};
