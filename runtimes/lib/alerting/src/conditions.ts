import { contentHash } from '@groundswell/graph';
import type { Alert } from '@groundswell/wire';
import type { Rule, Scope } from './rule.ts';
import type { Shelf } from './shelf.ts';

/** An alert before it has words. */
export type FiredAlert = Omit<Alert, 'title' | 'text' | 'link'>;

export type Verdict =
  | { readonly kind: 'fired'; readonly alert: FiredAlert }
  | { readonly kind: 'ended'; readonly alert: FiredAlert; readonly endedAt: number }
  /** It would have fired, and did so not long ago. */
  | { readonly kind: 'repeated'; readonly rule: string };

/** Watches posts by rules. Decides only: who is told, and how, comes after it. */
export interface Conditions {
  /**
   * Takes a prediction that answers; those of one post in their order. Event time is that of the newest prediction.
   *
   * @param now  wall time, ms: when what fires, fires
   */
  observe(scope: Scope, now: number): readonly Verdict[];
}

type Facts = Omit<FiredAlert, 'id' | 'rule' | 'severity' | 'state' | 'fired_at'>;

/** A post for which a rule's condition holds. */
interface Watch {
  /** Event time since when it holds without a break, and of the last prediction. */
  readonly since: number;
  readonly last: number;
  readonly facts: Facts;
  /** Absent: `for` is not over yet. */
  readonly state?: 'firing' | 'repeated';
  readonly alert?: FiredAlert;
}

/** The last alert of a key. */
interface Once {
  readonly at: number;
  readonly id: string;
}

/** A post that is not scored any more is over after this, if its rule keeps repeats apart for less; event time, ms. */
const forgottenAfterMs = 86_400_000;

/** Between two looks for what is over, event time, ms. */
const sweepEveryMs = 600_000;

const factsOf = (rule: Rule, scope: Scope): Facts => {
  const { model, variant, post_id, author_id, score, posted_at, scored_at, age_ms } = scope.prediction;
  const group = rule.groupOf(scope);
  return {
    ...{ key: rule.keyOf(scope), ...(group !== undefined && { group }) },
    ...{ model, variant, post_id, author_id, score, posted_at, scored_at, age_ms },
  };
};

export const createConditions = (rules: readonly Rule[], shelf: Shelf): Conditions => {
  const watches = shelf.cells<Watch>('watch');
  const onces = shelf.cells<Once>('once');
  const clock = shelf.cells<{ readonly sweptAt: number }>('swept');
  const byName = new Map(rules.map((rule) => [rule.name, rule]));
  let eventTime = Number.NEGATIVE_INFINITY;
  /** No wait for `for` ends before this. */
  let nextDue = Number.NEGATIVE_INFINITY;

  const dueOf = (rule: Rule, { since }: Watch): number => since + rule.forMs;
  const fire = (rule: Rule, id: string, { watch, at, now }: { watch: Watch; at: number; now: number }): Verdict => {
    const { facts } = watch;
    const onceId = `${rule.name}/${facts.key}`;
    const before = onces.get(onceId);
    if (before !== undefined && at - before.at < rule.withinMs) {
      watches.set(id, { ...watch, state: 'repeated' });
      return { kind: 'repeated', rule: rule.name };
    }
    const alert: FiredAlert = {
      ...{ id: contentHash([rule.name, facts.key, at]), rule: rule.name, severity: rule.severity, state: 'firing' },
      ...facts,
      fired_at: now,
    };
    onces.set(onceId, { at, id: alert.id });
    watches.set(id, { ...watch, state: 'firing', alert });
    return { kind: 'fired', alert };
  };
  const end = (id: string, { alert }: Watch, now: number): readonly Verdict[] => {
    watches.delete(id);
    return alert === undefined ? [] : [{ kind: 'ended', alert, endedAt: now }];
  };

  /** What has waited for long enough, though no prediction came for it since. */
  const fireDue = (now: number): readonly Verdict[] => {
    if (eventTime < nextDue) return [];
    const verdicts: Verdict[] = [];
    nextDue = Number.POSITIVE_INFINITY;
    for (const [id, watch] of [...watches.entries()]) {
      const rule = byName.get(ruleOf(id));
      if (rule === undefined || watch.state !== undefined) continue;
      const due = dueOf(rule, watch);
      if (due <= eventTime) verdicts.push(fire(rule, id, { watch, at: due, now }));
      else nextDue = Math.min(nextDue, due);
    }
    return verdicts;
  };
  const sweep = (now: number): readonly Verdict[] => {
    const sweptAt = clock.get('at')?.sweptAt;
    if (sweptAt !== undefined && eventTime < sweptAt + sweepEveryMs) return [];
    clock.set('at', { sweptAt: eventTime });
    for (const [id, { at }] of [...onces.entries()]) {
      const rule = byName.get(ruleOf(id));
      if (rule === undefined || eventTime - at >= rule.withinMs) onces.delete(id);
    }
    return [...watches.entries()].flatMap(([id, watch]) => {
      const rule = byName.get(ruleOf(id));
      const keepMs = Math.max(forgottenAfterMs, rule?.withinMs ?? 0, rule?.forMs ?? 0);
      return rule === undefined || eventTime - watch.last >= keepMs ? end(id, watch, now) : [];
    });
  };

  const begin = (rule: Rule, id: string, { scope, now }: { scope: Scope; now: number }): readonly Verdict[] => {
    const at = scope.prediction.scored_at;
    const watch = { since: at, last: at, facts: factsOf(rule, scope) };
    if (rule.forMs === 0) return [fire(rule, id, { watch, at, now })];
    watches.set(id, watch);
    nextDue = Math.min(nextDue, dueOf(rule, watch));
    return [];
  };
  const look = (rule: Rule, scope: Scope, now: number): readonly Verdict[] => {
    const { model, post_id, scored_at } = scope.prediction;
    if (rule.model !== undefined && rule.model !== model) return [];
    const id = `${rule.name}/${model}/${post_id}`;
    const watch = watches.get(id);
    if (watch === undefined) return rule.when(scope) ? begin(rule, id, { scope, now }) : [];
    if (scored_at < watch.last) return [];
    const isWaiting = watch.state === undefined;
    if (isWaiting ? !rule.when(scope) : rule.ends(scope)) return end(id, watch, now);
    watches.set(id, { ...watch, last: scored_at, ...(isWaiting && { facts: factsOf(rule, scope) }) });
    return [];
  };

  return {
    observe: (scope, now) => {
      eventTime = Math.max(eventTime, scope.prediction.scored_at);
      // First what was due before this prediction, so that it does not matter how often other posts are scored.
      const due = fireDue(now);
      return [...due, ...rules.flatMap((rule) => look(rule, scope, now)), ...sweep(now)];
    },
  };
};

/** Cells of a rule begin with its name, which has no slash. */
const ruleOf = (id: string): string => id.slice(0, id.indexOf('/'));
