import { Cron } from 'croner';

/** The first time of the schedule after `after`, ms; undefined where there is none. @param schedule cron, five fields or @hourly and the like */
export const nextRun = (schedule: string, timeZone: string, after: number): number | undefined =>
  new Cron(schedule, { timezone: timeZone }).nextRun(new Date(after))?.getTime();
