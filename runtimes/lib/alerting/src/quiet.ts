import type { AlertRule } from '@groundswell/graph';
import { type Severity, severities } from '@groundswell/wire';

type QuietHours = NonNullable<AlertRule['quietHours']>;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Minutes of the day at a wall time, ms. */
const minuteOfDay = (now: number, timeZone: string): number => {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  formats.set(timeZone, format);
  const [hours = 0, minutes = 0] = format.format(now).split(':').map(Number);
  return hours * 60 + minutes;
};

/** Whether nothing may be sent. `from` counts as quiet, `to` does not; `to` before `from` is on the next day. */
export const isQuiet = ({ from, to, timeZone }: QuietHours, now: number): boolean => {
  const minute = minuteOfDay(now, timeZone);
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
};

/** Whether an alert is so severe that it comes all the same. */
export const breaksQuiet = ({ unless }: QuietHours, severity: Severity): boolean =>
  unless !== 'Never' && severities.indexOf(severity) >= severities.indexOf(unless);
