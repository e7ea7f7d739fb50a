/** Whose turn it is: all open jobs in order of arrival, so that no account keeps others waiting. */
export interface Turns<J> {
  readonly size: number;
  add(account: string, job: J): void;
  /**
   * The jobs of the next round trip, each once: by turns one of each account, at most `maxPerAccount` of one. Accounts
   * that had their turn go to the end of the line.
   */
  round(limits: { readonly most: number; readonly maxPerAccount: number }): readonly J[];
  remove(account: string, job: J): void;
}

export const createTurns = <J>(): Turns<J> => {
  // Maps and sets keep the order in which entries came.
  const accounts = new Map<string, Set<J>>();
  let size = 0;
  const toTheEnd = (account: string, chosen: readonly J[]): void => {
    const jobs = accounts.get(account);
    if (jobs === undefined) return;
    accounts.delete(account);
    accounts.set(account, jobs);
    for (const job of chosen) if (jobs.delete(job)) jobs.add(job);
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
    round: ({ most, maxPerAccount }) => {
      const lines: { account: string; jobs: J[] }[] = [];
      for (const [account, jobs] of accounts) {
        if (lines.length === most) break;
        lines.push({ account, jobs: [...firstOf(jobs, Math.min(most, maxPerAccount))] });
      }
      const chosen: J[] = [];
      for (let turn = 0; chosen.length < most; turn++) {
        const next = lines.flatMap(({ jobs }) => jobs.slice(turn, turn + 1));
        if (next.length === 0) break;
        chosen.push(...next.slice(0, most - chosen.length));
      }
      for (const { account, jobs } of lines)
        toTheEnd(
          account,
          jobs.filter((job) => chosen.includes(job)),
        );
      return chosen;
    },
  };
};

function* firstOf<T>(values: Iterable<T>, most: number): Iterable<T> {
  let count = 0;
  for (const value of values) {
    if (count++ === most) return;
    yield value;
  }
}
