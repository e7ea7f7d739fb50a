import type { XReader } from '@groundswell/graph';

type Quota = NonNullable<XReader['quota']>;

/** Posts that came in the day and in the billing month that are named by their first day, as 2026-11-21. */
export interface QuotaUse {
  readonly day: string;
  readonly ofDay: number;
  readonly month: string;
  readonly ofMonth: number;
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

export interface QuotaCount {
  /** Counts a post, where there is room for it. */
  take(now: number): boolean;
  /** When there is room again, ms; undefined: there is. */
  usedUpUntil(now: number): number | undefined;
  use(): QuotaUse | null;
  adopt(quota: Quota | undefined): void;
}

/** Counts what a metered API has sent, and says when it has to stop. */
export const createQuotaCount = (first: Quota | undefined, saved: QuotaUse | null): QuotaCount => {
  let quota = first;
  let use = saved;
  const useAt = (now: number, { resetDay }: Quota): QuotaUse => {
    const [day, month] = [dateOf(now), monthOf(now, resetDay)];
    return {
      ...{ day, ofDay: use?.day === day ? use.ofDay : 0 },
      ...{ month, ofMonth: use?.month === month ? use.ofMonth : 0 },
    };
  };
  const usedUpUntil = (now: number): number | undefined => {
    if (quota === undefined) return undefined;
    const { day, ofDay, month, ofMonth } = useAt(now, quota);
    const limitOf = (posts = Number.POSITIVE_INFINITY): number =>
      Math.floor(posts * (1 - (quota?.reservePercent ?? 0) / 100));
    if (ofMonth >= limitOf(quota.perMonth)) return nextMonthOf(month);
    return ofDay >= limitOf(quota.perDay) ? Date.parse(day) + dayMs : undefined;
  };
  return {
    take: (now) => {
      if (quota === undefined) return true;
      if (usedUpUntil(now) !== undefined) return false;
      const { ofDay, ofMonth, ...periods } = useAt(now, quota);
      use = { ...periods, ofDay: ofDay + 1, ofMonth: ofMonth + 1 };
      return true;
    },
    usedUpUntil,
    use: () => use,
    adopt: (changed) => {
      quota = changed;
    },
  };
};
