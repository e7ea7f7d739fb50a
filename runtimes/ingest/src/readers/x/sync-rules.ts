import type { XReader } from '@groundswell/graph';
import type { Health } from '@groundswell/process';
import { needsPerson } from '../../connection/backoff.ts';
import type { Bell } from '../../connection/bell.ts';
import type { World } from '../../source-reader.ts';
import { createRuleApi, percentOfRule, planRules, type RuleApi, RuleError, thinnedRule } from './rules.ts';
import { xWait } from './wait.ts';

export interface RuleSync {
  /** Syncs where it is time to. Does not wait for it. */
  look(): void;
  isSynced(): boolean;
  health(): Health;
  nameOf(ruleId: string): string | undefined;
  /** Of 100 posts that the rule matches, how many X sends; a rule that is not known any more was one of the last. */
  percentOf(ruleId: string): number;
  /** Asks X to leave posts out: those that stay are the same for all rules. */
  thinTo(percent: number): void;
  /** Names of the rules that this source has added, by id. */
  ours(): Readonly<Record<string, string>>;
  adopt(reader: XReader): void;
}

export interface RuleSyncOptions {
  readonly reader: XReader;
  readonly headers: Readonly<Record<string, string>>;
  readonly ours: Readonly<Record<string, string>>;
  readonly bell: Bell;
}

const conflictEveryMs = 60_000;

const listed = (texts: readonly string[]): string => texts.map((text) => `"${text}"`).join(', ');

/** Keeps the account's rules as the resource has them, while the stream goes on. */
export const createRuleSync = (options: RuleSyncOptions, { clock, logger }: World): RuleSync => {
  let { reader } = options;
  const api: RuleApi = createRuleApi(reader.endpoint, options.headers);
  const ours = new Map(Object.entries(options.ours));
  let names: Readonly<Record<string, string>> = options.ours;
  let state: Health | 'wanted' | 'running' = reader.stream === 'sample' ? { kind: 'ready' } : 'wanted';
  let again = Number.POSITIVE_INFINITY;
  let failures = 0;
  let wasSynced = false;
  let percent = 100;
  let percents: ReadonlyMap<string, number> = new Map();

  const sync = async (): Promise<Health> => {
    const { foreignRules } = reader;
    const rules = reader.rules.map((rule) => ({ ...rule, value: thinnedRule(rule.value, percent) }));
    const account = await api.list();
    const { add, remove, foreign, names: kept } = planRules(rules, account, new Set(ours.keys()));
    if (foreign.length > 0 && foreignRules === 'Refuse') {
      // Says what is wrong with the rules themselves, too.
      if (add.length > 0) await api.add(add, { dryRun: true });
      again = clock.now() + conflictEveryMs;
      const would = `add ${add.length} and remove ${remove.length} others`;
      const message = `Cannot sync the rules: the account has ${foreign.length} that are not listed (${listed(foreign.slice(0, 5).map(({ value }) => value))}); set foreignRules to Keep or Remove, and it would ${would}`;
      return { kind: 'stalled', reason: 'ForeignRules', message };
    }
    // First what is new: between the two, nothing is missed.
    const added = add.length === 0 ? [] : await api.add(add, { dryRun: false });
    for (const { id, value } of added) ours.set(id, rules.find((rule) => rule.value === value)?.name ?? '');
    names = { ...kept, ...Object.fromEntries(ours) };
    percents = new Map([...account, ...added].map(({ id, value }) => [id, percentOfRule(value)]));
    const gone = [...remove, ...(foreignRules === 'Remove' ? foreign : [])];
    if (gone.length > 0) await api.remove(gone.map(({ id }) => id));
    for (const { id } of gone) ours.delete(id);
    if (added.length + gone.length > 0) logger.info({ added: added.length, removed: gone.length }, 'synced rules');
    wasSynced = true;
    return { kind: 'ready' };
  };
  const failed = (error: Error): Health => {
    const status = error instanceof RuleError ? error.status : undefined;
    const retryAt = error instanceof RuleError ? error.retryAt : undefined;
    const ending = { reason: 'failed', why: error.message, status };
    again = Math.max(clock.now() + xWait(ending, { all: failures, same: failures }), retryAt ?? 0);
    failures++;
    const message = `Cannot sync the rules of X: ${error.message}`;
    return needsPerson(ending)
      ? { kind: 'stalled', reason: 'RulesRefused', message }
      : { kind: 'waiting', reason: 'RulesNotSynced', message };
  };
  const run = (): void => {
    state = 'running';
    again = Number.POSITIVE_INFINITY;
    sync()
      .then((health) => {
        failures = 0;
        return health;
      }, failed)
      .then((health) => {
        // Changed meanwhile: once more.
        if (state === 'running') state = health;
        options.bell.ring();
      });
  };
  return {
    look: () => {
      if (state === 'wanted' || (state !== 'running' && clock.now() >= again)) run();
    },
    // A stream that had its rules goes on with them while they change.
    isSynced: () => wasSynced || (typeof state === 'object' && state.kind === 'ready'),
    health: () =>
      typeof state === 'object'
        ? state
        : { kind: 'waiting', reason: 'RulesNotSynced', message: 'The rules are being synced' },
    nameOf: (id) => names[id],
    percentOf: (id) => percents.get(id) ?? percent,
    thinTo: (wanted) => {
      if (wanted === percent) return;
      percent = wanted;
      state = 'wanted';
    },
    ours: () => Object.fromEntries(ours),
    adopt: (changed) => {
      reader = changed;
      state = reader.stream === 'sample' ? { kind: 'ready' } : 'wanted';
    },
  };
};
