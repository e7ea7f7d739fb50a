/** What a caller may ask: so many requests in a second, and so many at once. */
export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** What is left to a caller after a request. */
export interface Allowance {
  readonly allowed: boolean;
  /** Requests that may follow at once. */
  readonly left: number;
  /** Until a request is allowed again, s; 0 where it is now. */
  readonly retryAfterS: number;
  /** Until all of `burst` may follow at once again, s. */
  readonly fullInS: number;
}

/** Of so many callers it is remembered what they asked; of more, those that asked longest ago begin anew. */
const mostCallers = 10_000;

interface Bucket {
  readonly tokens: number;
  readonly at: number;
}

/** Counts requests of callers. `now` is wall time, ms. */
export const createLimiter = () => {
  const buckets = new Map<string, Bucket>();
  return {
    take: (caller: string, { perSecond, burst }: Rate, now: number): Allowance => {
      const { tokens, at } = buckets.get(caller) ?? { tokens: burst, at: now };
      const there = Math.min(burst, tokens + (Math.max(0, now - at) / 1_000) * perSecond);
      const allowed = there >= 1;
      const rest = allowed ? there - 1 : there;
      buckets.delete(caller);
      buckets.set(caller, { tokens: rest, at: now });
      const [eldest] = buckets.keys();
      if (buckets.size > mostCallers && eldest !== undefined) buckets.delete(eldest);
      return {
        allowed,
        left: Math.floor(rest),
        retryAfterS: rest >= 1 ? 0 : Math.ceil((1 - rest) / perSecond),
        fullInS: Math.ceil((burst - rest) / perSecond),
      };
    },
  };
};

export type Limiter = ReturnType<typeof createLimiter>;
