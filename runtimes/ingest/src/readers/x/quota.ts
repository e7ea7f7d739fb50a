import type { XReader } from '@groundswell/graph';
import type { QuotaReport } from '@groundswell/process';
import { type ArrivalsSaved, createArrivals } from './arrivals.ts';

type Quota = NonNullable<XReader['quota']>;

/** Posts that came in the day and in the billing month that are named by their first day, as 2026-11-21. */
export interface QuotaUse {
  readonly day: string;
  readonly ofDay: number;
  readonly month: string;
  readonly ofMonth: number;
  readonly arrivals?: ArrivalsSaved | null;
}

const dayMs = 86_400_000;
const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** First day of the billing month that a time lies in, UTC. */
const monthOf = (at: number, resetDay: number): string => {
  const date = new Date(at);
  const back = date.getUTCDate() < resetDay ? 1 : 0;
  return dateOf(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - back, resetDay));
};

const nextMonthOf = (month: string): number => {
  const first = new Date(month);
  return Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, first.getUTCDate());
};

/** What may be read until a time, and how much of it was. */
interface Period {
  readonly used: number;
  readonly limit: number;
  readonly ends: number;
}

/** A share is planned anew so often, ms: each change is one of the account's rules. */
const planEveryMs = 300_000;
/** Differences up to this share of what is in force are left as they are. */
const slack = 0.04;

export interface QuotaCount {
  /** Counts a post, where there is room for it. */
  take(now: number): boolean;
  /** When there is room again, ms; undefined: there is. */
  usedUpUntil(now: number): number | undefined;
  /** Of 100 posts, so many are to be asked for: so that what may be read lasts as long as it has to. */
  percent(now: number): number;
  use(): QuotaUse | null;
  report(now: number): QuotaReport | undefined;
  adopt(quota: Quota | undefined): void;
}

/** Counts what a metered API has sent, and says when it has to stop, or how much less has to be asked for. */
export const createQuotaCount = (first: Quota | undefined, saved: QuotaUse | null): QuotaCount => {
  let quota = first;
  let use = saved;
  let percent = 100;
  let plannedAt = Number.NEGATIVE_INFINITY;
  const arrivals = createArrivals(saved?.arrivals ?? null);
  const useAt = (now: number, { resetDay }: Quota) => {
    const [day, month] = [dateOf(now), monthOf(now, resetDay)];
    return {
      ...{ day, ofDay: use?.day === day ? use.ofDay : 0 },
      ...{ month, ofMonth: use?.month === month ? use.ofMonth : 0 },
    };
  };
  /** The month first. */
  const periods = (now: number): readonly Period[] => {
    if (quota === undefined) return [];
    const { perMonth, perDay, reservePercent } = quota;
    const { day, ofDay, month, ofMonth } = useAt(now, quota);
    const limitOf = (posts: number): number => Math.floor(posts * (1 - reservePercent / 100));
    return [
      ...(perMonth === undefined ? [] : [{ used: ofMonth, limit: limitOf(perMonth), ends: nextMonthOf(month) }]),
      ...(perDay === undefined ? [] : [{ used: ofDay, limit: limitOf(perDay), ends: Date.parse(day) + dayMs }]),
    ];
  };
  const usedUpUntil = (now: number): number | undefined => periods(now).find(({ used, limit }) => used >= limit)?.ends;
  const plan = (now: number): number => {
    const shares = periods(now).map(({ used, limit, ends }) => (limit - used) / (arrivals.expected(now, ends) ?? 0));
    return Math.max(1, Math.min(100, Math.floor(Math.min(...shares) * 100)));
  };
  /** When the period would be used up at this pace; undefined: it lasts. */
  const exhaustedAt = (now: number, { used, limit, ends }: Period): number | undefined => {
    const isUsedUp = (at: number): boolean => used + ((arrivals.expected(now, at) ?? 0) * percent) / 100 >= limit;
    if (!isUsedUp(ends)) return undefined;
    let [low, high] = [now, ends];
    while (high - low > 60_000) {
      const middle = (low + high) / 2;
      if (isUsedUp(middle)) high = middle;
      else low = middle;
    }
    return Math.round(high);
  };
  return {
    take: (now) => {
      if (quota === undefined) return true;
      if (usedUpUntil(now) !== undefined) return false;
      const { ofDay, ofMonth, ...names } = useAt(now, quota);
      use = { ...names, ofDay: ofDay + 1, ofMonth: ofMonth + 1 };
      arrivals.note(now, 100 / percent);
      return true;
    },
    usedUpUntil,
    percent: (now) => {
      if (quota?.whenShort !== 'sample') percent = 100;
      if (quota?.whenShort !== 'sample' || now - plannedAt < planEveryMs) return percent;
      // Nothing can be learned while nothing comes.
      if (usedUpUntil(now) !== undefined) return percent;
      plannedAt = now;
      const wanted = plan(now);
      if (Math.abs(wanted - percent) > slack * percent) percent = wanted;
      return percent;
    },
    use: () => use && { ...use, arrivals: arrivals.saved() },
    report: (now) => {
      const all = periods(now);
      const [period] = all;
      if (period === undefined) return undefined;
      const ends = all.flatMap((each) => exhaustedAt(now, each) ?? []);
      return { used: period.used, share: percent / 100, ...(ends.length > 0 && { exhaustedAt: Math.min(...ends) }) };
    },
    adopt: (changed) => {
      quota = changed;
      plannedAt = Number.NEGATIVE_INFINITY;
    },
  };
};
