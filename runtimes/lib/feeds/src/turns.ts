/** Whose turn it is: all open jobs in order of arrival, so that no account keeps others waiting. */
export interface Turns<J> {
  readonly size: number;
  add(account: string, job: J): void;
  /** The jobs of the next round trip, each once. Accounts that had their turn go to the end of the line. */
  round(limits: RoundLimits<J>): readonly J[];
  remove(account: string, job: J): void;
}

export interface RoundLimits<J> {
  /** What the jobs of a round may cost together; one goes in any case. */
  readonly budget: number;
  readonly costOf: (job: J) => number;
  /** Of one account, as long as others wait: what they leave is for whoever has more. */
  readonly maxPerAccount: number;
}

/** An account in a round. */
interface Line<J> {
  readonly account: string;
  readonly waiting: Iterator<J>;
  readonly chosen: J[];
}

export const createTurns = <J>(): Turns<J> => {
  // Maps and sets keep the order in which entries came.
  const accounts = new Map<string, Set<J>>();
  let size = 0;
  const toTheEnd = ({ account, chosen }: Line<J>): void => {
    const jobs = accounts.get(account);
    if (jobs === undefined || chosen.length === 0) return;
    accounts.delete(account);
    accounts.set(account, jobs);
    for (const job of chosen) if (jobs.delete(job)) jobs.add(job);
  };
  const linesOf = (most: number): readonly Line<J>[] => {
    const lines: Line<J>[] = [];
    for (const [account, jobs] of accounts) {
      if (lines.length === most) break;
      lines.push({ account, waiting: jobs.values(), chosen: [] });
    }
    return lines;
  };
  return {
    get size() {
      return size;
    },
    add: (account, job) => {
      const jobs = accounts.get(account);
      if (jobs === undefined) accounts.set(account, new Set([job]));
      else jobs.add(job);
      size++;
    },
    remove: (account, job) => {
      const jobs = accounts.get(account);
      if (jobs?.delete(job)) size--;
      if (jobs?.size === 0) accounts.delete(account);
    },
    round: ({ budget, costOf, maxPerAccount }) => {
      const lines = linesOf(budget);
      const chosen: J[] = [];
      let left = budget;
      const choose = (turns: number): void => {
        for (let turn = 0; turn < turns && left > 0; turn++) {
          const before = chosen.length;
          for (const line of lines) {
            const next = left > 0 ? line.waiting.next() : undefined;
            if (next === undefined || next.done === true) continue;
            left -= costOf(next.value);
            line.chosen.push(next.value);
            chosen.push(next.value);
          }
          if (chosen.length === before) return;
        }
      };
      choose(maxPerAccount);
      choose(Number.POSITIVE_INFINITY);
      for (const line of lines) toTheEnd(line);
      return chosen;
    },
  };
};
