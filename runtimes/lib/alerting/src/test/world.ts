import type { AlertRule } from '@groundswell/graph';
import type { Alert, Prediction } from '@groundswell/wire';
import {
  createConditions,
  createDispatch,
  createRule,
  createShelf,
  type Message,
  type Scope,
  withWords,
} from '../index.ts';

export const minute = 60_000;
export const hour = 60 * minute;

export const ruleOf = (over: Partial<AlertRule> = {}): AlertRule => ({
  ...{ name: 'hot', when: 'prediction.score > 0.8', forMs: 0, severity: 'Warning', channels: ['desk'] },
  once: { key: 'prediction.post_id', withinMs: 24 * hour },
  ...{ maxPerHour: 1000, title: '{post_id} scores {score}' },
  ...over,
});

export const predictionOf = (over: Partial<Prediction> = {}): Prediction => ({
  ...{ model: 'virality', variant: 'champion', digest: 'aa', shadow: false, post_id: 'p1', author_id: 'a1' },
  ...{ posted_at: 0, scored_at: 0, age_ms: 0, trigger: 'appeared', score: 0.9, vector: [], latency_ms: 2 },
  ...over,
});

export const scopeOf = (prediction: Prediction, over: Partial<Scope> = {}): Scope => {
  const { post_id, author_id, posted_at, age_ms: age } = prediction;
  return { prediction, post: { post_id, author_id, posted_at, age }, windows: {}, ...over };
};

/** Conditions and dispatch over one shelf, as a worker has them. A restart makes all of it anew from what was saved. */
export const createWorker = (...rules: readonly AlertRule[]) => {
  const saved = new Map<string, string>();
  const make = () => {
    const shelf = createShelf(Object.fromEntries(saved));
    const compiled = rules.map(createRule);
    return { shelf, conditions: createConditions(compiled, shelf), dispatch: createDispatch(compiled, shelf) };
  };
  let parts = make();
  const messages: Message[] = [];
  const fired: Alert[] = [];
  const ended: string[] = [];
  let repeated = 0;
  const save = (): void => {
    const { set = {}, removed = [] } = parts.shelf.changes() ?? {};
    for (const [name, text] of Object.entries(set)) saved.set(name, text);
    for (const name of removed) saved.delete(name);
  };
  const tick = (now: number): void => {
    messages.push(...parts.dispatch.tick(now));
    save();
  };
  return {
    messages,
    fired,
    ended,
    repeated: () => repeated,
    saved,
    observe: (scope: Scope, now = scope.prediction.scored_at): void => {
      for (const verdict of parts.conditions.observe(scope, now)) {
        if (verdict.kind === 'repeated') repeated += 1;
        if (verdict.kind === 'ended') ended.push(verdict.alert.post_id);
        if (verdict.kind !== 'fired') continue;
        const rule = rules.find(({ name }) => name === verdict.alert.rule);
        const alert = withWords(verdict.alert, rule ?? ruleOf(), { why: [] });
        fired.push(alert);
        messages.push(...parts.dispatch.announce(alert, now));
      }
      tick(now);
    },
    tick,
    restart: (): void => {
      parts = make();
    },
  };
};
