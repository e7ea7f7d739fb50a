import type { ScalingSchedule } from '@groundswell/graph';
import { lastOf } from '../cron.ts';
import type { Goal } from './goal.ts';

/** Whether it has started since it ended last. */
const isOn = ({ start, end, timeZone }: ScalingSchedule, now: number): boolean =>
  lastOf(start, timeZone, now) > lastOf(end, timeZone, now);

/** The goal as its schedules have it at a moment. @param now  wall time, ms */
export const goalAt = (goal: Goal, now: number): Goal => {
  const wanted = goal.schedules.filter((schedule) => isOn(schedule, now)).map(({ minReplicas }) => minReplicas);
  return wanted.length === 0 ? goal : { ...goal, min: Math.min(goal.max, Math.max(goal.min, ...wanted)) };
};
