const locale = 'en-GB';

const counts = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const compactCounts = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
const rates = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 });

/** `1,234`. */
export const formatCount = (count: number): string => counts.format(count);

/** `999`, `12.3K`: where there is little room. */
export const formatCompact = (count: number): string =>
  Math.abs(count) < 10_000 ? formatCount(count) : compactCounts.format(count);

/** `0.4/s`, `1,204/s`. */
export const formatRate = (perSecond: number): string =>
  `${perSecond < 10 ? rates.format(perSecond) : formatCount(perSecond)}/s`;

/** A probability as `94.2`, without its percent sign. Never rounded up to 100 nor down to 0: the model is not sure. */
export const formatPercent = (probability: number): string => {
  const percent = probability * 100;
  if (percent > 99.9 && percent < 100) return '99.9';
  if (percent > 0 && percent < 0.1) return '0.1';
  return percent.toFixed(1);
};

/** What a feature adds to the score, in points of a percent: `+21.3`, `−4.0`. */
export const formatEffect = (effect: number): string => {
  const points = (Math.abs(effect) * 100).toFixed(1);
  if (points === '0.0') return '±0.0';
  return `${effect < 0 ? '−' : '+'}${points}`;
};

const units = [
  { ms: 86_400_000, name: 'd' },
  { ms: 3_600_000, name: 'h' },
  { ms: 60_000, name: 'min' },
] as const;

/** `0.4 s`, `45 s`, `12 min`, `3 h 5 min`, `2 d 4 h`: the two largest units. */
export const formatDuration = (ms: number): string => {
  if (ms < 0) return `−${formatDuration(-ms)}`;
  if (ms > 0 && ms < 950) return `${rates.format(ms / 1000)} s`;
  if (ms < 59_500) return `${Math.round(ms / 1000)} s`;
  // Less than a minute short of one is one; seconds are of no interest beside minutes.
  let left = Math.max(60_000, ms);
  const parts: string[] = [];
  for (const { ms: unit, name } of units) {
    const whole = Math.floor(left / unit);
    left -= whole * unit;
    if (whole > 0) parts.push(`${whole} ${name}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ');
};

/** What is short: `3.2 ms`, `48 ms`; from a second on as other durations. */
export const formatMilliseconds = (ms: number): string =>
  ms < 950 ? `${ms < 9.95 ? ms.toFixed(1) : Math.round(ms)} ms` : formatDuration(ms);

export interface Zone {
  /** IANA name; absent: the reader's. */
  readonly timeZone?: string;
}

/** `Thu 27 Nov 14:32`. */
export const formatMoment = (at: number, zone: Zone = {}): string => `${formatDay(at, zone)} ${formatClock(at, zone)}`;

/** `Thu 27 Nov`. */
export const formatDay = (at: number, zone: Zone = {}): string =>
  new Intl.DateTimeFormat(locale, { ...zone, weekday: 'short', day: 'numeric', month: 'short' })
    .format(at)
    .replace(',', '');

/** `14:32`. */
export const formatClock = (at: number, zone: Zone = {}): string =>
  new Intl.DateTimeFormat(locale, { ...zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(at);

/** `reposts_10m` as `reposts 10m`. */
export const formatName = (name: string): string => name.replaceAll('_', ' ');
