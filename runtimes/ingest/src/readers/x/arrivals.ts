const hourMs = 3_600_000;
const dayHours = 24;

/** Too little to tell anything from, ms. */
const settleMs = 600_000;

/** JSON. Posts of the hours since the epoch that something came in, the first of them begun at `since`, ms. */
export interface ArrivalsSaved {
  readonly since: number;
  readonly hours: readonly (readonly [hour: number, posts: number])[];
}

/** How many posts there were in each hour of the last day, thinned out or not, and what that lets expect. */
export interface Arrivals {
  /** @param posts  As many as those that came stand for. @param now  ms; does not go back */
  note(now: number, posts: number): void;
  /** From a time until a later one, ms: each hour as that of the day before, as far as it is known. undefined: too little is. */
  expected(from: number, to: number): number | undefined;
  saved(): ArrivalsSaved | null;
}

const hourOf = (at: number): number => Math.floor(at / hourMs);

export const createArrivals = (saved: ArrivalsSaved | null): Arrivals => {
  const hours = new Map(saved?.hours);
  let since = saved?.since;
  /** Posts of an average ms. Hours in which nothing came are no measure: the stream may have been left. */
  const mean = (now: number): number => {
    const [first, current] = [hourOf(since ?? now), hourOf(now)];
    const whole = [...hours].filter(([hour]) => hour > first && hour < current).map(([, posts]) => posts);
    if (whole.length > 0) return whole.reduce((sum, posts) => sum + posts, 0) / (whole.length * hourMs);
    const all = [...hours.values()].reduce((sum, posts) => sum + posts, 0);
    return all / Math.max(1, now - (since ?? now));
  };
  return {
    note: (now, posts) => {
      since ??= now;
      const hour = hourOf(now);
      const before = hours.get(hour);
      hours.set(hour, (before ?? 0) + posts);
      if (before !== undefined) return;
      for (const old of hours.keys()) if (old < hour - dayHours) hours.delete(old);
      // Hours that are not known any more are no reason to doubt those that are.
      since = Math.max(since, (hour - dayHours) * hourMs);
    },
    expected: (from, to) => {
      if (since === undefined || from - since < settleMs) return undefined;
      const [first, current, average] = [hourOf(since), hourOf(from), mean(from)];
      const rateOf = (hour: number): number => {
        const like = hour - Math.ceil((hour - current + 1) / dayHours) * dayHours;
        const posts = like > first ? hours.get(like) : undefined;
        return posts === undefined ? average : posts / hourMs;
      };
      let sum = 0;
      for (let at = from; at < to; ) {
        const end = Math.min(to, (hourOf(at) + 1) * hourMs);
        sum += rateOf(hourOf(at)) * (end - at);
        at = end;
      }
      return sum;
    },
    saved: () => (since === undefined ? null : { since, hours: [...hours] }),
  };
};
