const units: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Milliseconds of `1h30m`, `-250ms`, `1.5h`; also days (`3d`), as resources write them. */
export const durationMs = (text: string): number | undefined => {
  if (!/^[+-]?(\d+(\.\d*)?(ns|us|µs|ms|s|m|h|d))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h|d)/g))
    total += Number(amount) * (units[unit ?? ''] ?? 0);
  return text.startsWith('-') ? -total : total;
};

const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/** Milliseconds since the epoch of an RFC 3339 time; a zone is needed, so that the machine's own never counts. */
export const timestampMs = (text: string): number | undefined => {
  const match = rfc3339.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1, 7).map(Number);
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const zone = (Number(match[9] ?? 0) * 60 + Number(match[10] ?? 0)) * (match[8] === '-' ? -1 : 1);
  const fraction = Math.trunc(Number(`0.${match[7] ?? 0}`) * 1000);
  return utc(year, month, day) + ((hour * 60 + minute - zone) * 60 + second) * 1000 + fraction;
};

// Date.UTC takes the years 0 to 99 for 1900 to 1999.
const utc = (year: number, month: number, day: number): number => new Date(0).setUTCFullYear(year, month - 1, day);

const daysIn = (year: number, month: number): number => new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate();

const startOfYear = (at: number): number => utc(new Date(at).getUTCFullYear(), 1, 1);

/** CEL's fields of a timestamp, in UTC. Days of the month and of the year count from 0, `getDate` from 1. */
export const timestampFields: Readonly<Record<string, (at: number) => number>> = {
  getFullYear: (at) => new Date(at).getUTCFullYear(),
  getMonth: (at) => new Date(at).getUTCMonth(),
  getDate: (at) => new Date(at).getUTCDate(),
  getDayOfMonth: (at) => new Date(at).getUTCDate() - 1,
  getDayOfWeek: (at) => new Date(at).getUTCDay(),
  getDayOfYear: (at) => Math.floor((at - startOfYear(at)) / 86_400_000),
  getHours: (at) => new Date(at).getUTCHours(),
  getMinutes: (at) => new Date(at).getUTCMinutes(),
  getSeconds: (at) => new Date(at).getUTCSeconds(),
  getMilliseconds: (at) => new Date(at).getUTCMilliseconds(),
};
