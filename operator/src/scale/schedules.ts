import type { ScalingSchedule } from '@groundswell/graph';
import { Cron } from 'croner';
import type { Goal } from './goal.ts';

const lastOf = (cron: string, timeZone: string, now: number): number =>
  new Cron(cron, { timezone: timeZone }).previousRuns(1, new Date(now))[0]?.getTime() ?? Number.NEGATIVE_INFINITY;

/** Whether it has started since it ended last. */
const isOn = ({ start, end, timeZone }: ScalingSchedule, now: number): boolean =>
  lastOf(start, timeZone, now) > lastOf(end, timeZone, now);

/** The goal as its schedules have it at a moment. @param now  wall time, ms */
export const goalAt = (goal: Goal, now: number): Goal => {
  const wanted = goal.schedules.filter((schedule) => isOn(schedule, now)).map(({ minReplicas }) => minReplicas);
  return wanted.length === 0 ? goal : { ...goal, min: Math.min(goal.max, Math.max(goal.min, ...wanted)) };
};
