import { z } from 'zod';

/** A rule of the account. */
export interface AccountRule {
  readonly id: string;
  readonly value: string;
  readonly tag?: string | undefined;
}

export interface WantedRule {
  readonly name: string;
  readonly value: string;
}

/**
 * The rule for so many of 100 posts that it matches. X takes them by their ids: those that one rule gets, every other gets
 * too, and with a smaller number a part of them.
 */
export const thinnedRule = (value: string, percent: number): string =>
  percent === 100 ? value : `(${value}) sample:${percent}`;

/** Of 100 posts that a rule matches, how many X sends. */
export const percentOfRule = (value: string): number => Number(/^\(.*\) sample:(\d+)$/s.exec(value)?.[1] ?? 100);

/** What to do for the account to have the rules that are wanted. */
export interface RulePlan {
  readonly add: readonly WantedRule[];
  readonly remove: readonly AccountRule[];
  /** Neither wanted nor ours. */
  readonly foreign: readonly AccountRule[];
  /** Name of each rule that stays, by its id. */
  readonly names: Readonly<Record<string, string>>;
}

/**
 * Rules are equal when what they match is: X takes none twice.
 *
 * @param ours  Ids of rules that this source has added
 */
export const planRules = (
  wanted: readonly WantedRule[],
  account: readonly AccountRule[],
  ours: ReadonlySet<string>,
): RulePlan => {
  const byValue = new Map(wanted.map((rule) => [rule.value, rule]));
  const there = new Set(account.map(({ value }) => value));
  const surplus = account.filter(({ value }) => !byValue.has(value));
  return {
    add: wanted.filter(({ value }) => !there.has(value)),
    remove: surplus.filter(({ id }) => ours.has(id)),
    foreign: surplus.filter(({ id }) => !ours.has(id)),
    names: Object.fromEntries(
      account.flatMap(({ id, value }) => {
        const rule = byValue.get(value);
        return rule === undefined ? [] : [[id, rule.name]];
      }),
    ),
  };
};

const Rule = z.object({ id: z.string(), value: z.string(), tag: z.string().optional() });

const Answer = z.object({
  data: z.array(Rule).optional(),
  errors: z
    .array(
      z.object({ title: z.string().optional(), value: z.string().optional(), details: z.array(z.string()).optional() }),
    )
    .optional(),
});

/** The account's rules, as X has them. */
export interface RuleApi {
  list(): Promise<readonly AccountRule[]>;
  /** @throws RuleError for rules that X does not take */
  add(rules: readonly WantedRule[], options: { readonly dryRun: boolean }): Promise<readonly AccountRule[]>;
  remove(ids: readonly string[]): Promise<void>;
}

/** X does not answer as it should: `status` says whether trying again may help. */
export class RuleError extends Error {
  override readonly name = 'RuleError';
  readonly status: number;
  readonly retryAt: number | undefined;
  constructor(status: number, message: string, retryAt?: number) {
    super(message);
    this.status = status;
    this.retryAt = retryAt;
  }
}

const timeoutMs = 10_000;

export const createRuleApi = (endpoint: string, headers: Readonly<Record<string, string>>): RuleApi => {
  const ask = async (query: string, body?: object): Promise<z.output<typeof Answer>> => {
    const response = await fetch(new URL(`/2/tweets/search/stream/rules${query}`, endpoint), {
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      headers: { ...headers, 'content-type': 'application/json' },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    if (response.ok || response.status === 400) {
      const answer = Answer.safeParse(JSON.parse(text)).data;
      const wrong = answer?.errors?.find(({ title }) => title !== 'DuplicateRule');
      if (wrong === undefined && response.ok && answer !== undefined) return answer;
      const says = [wrong?.title, wrong?.value, ...(wrong?.details ?? [])]
        .filter((part) => part !== undefined)
        .join(': ');
      throw new RuleError(400, says === '' ? text.slice(0, 300) : says);
    }
    const reset = Number(response.headers.get('x-rate-limit-reset') ?? Number.NaN);
    const retryAt = response.status === 429 && !Number.isNaN(reset) ? reset * 1000 : undefined;
    throw new RuleError(
      response.status,
      `it answered ${response.status} ${text.replaceAll(/\s+/g, ' ').slice(0, 300)}`,
      retryAt,
    );
  };
  return {
    list: async () => (await ask('')).data ?? [],
    add: async (rules, { dryRun }) => {
      const body = { add: rules.map(({ name, value }) => ({ value, tag: name })) };
      return (await ask(dryRun ? '?dry_run=true' : '', body)).data ?? [];
    },
    remove: async (ids) => {
      await ask('', { delete: { ids } });
    },
  };
};
