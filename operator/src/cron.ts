import { Cron } from 'croner';

/** @param now  wall time, ms. @returns the last moment before it, ms; −∞ where there was none */
export const lastOf = (cron: string, timeZone: string, now: number): number =>
  new Cron(cron, { timezone: timeZone }).previousRuns(1, new Date(now))[0]?.getTime() ?? Number.NEGATIVE_INFINITY;

/** @param now  wall time, ms. @returns the next moment after it, ms; undefined where there is none */
export const nextOf = (cron: string, timeZone: string, now: number): number | undefined =>
  new Cron(cron, { timezone: timeZone }).nextRun(new Date(now))?.getTime();
