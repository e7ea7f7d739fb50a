const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Activity by hour of the day (UTC): quiet before dawn, a bump at noon, the most in the evening. Mean 1. */
const byHour = [
  0.62, 0.45, 0.34, 0.28, 0.27, 0.34, 0.52, 0.78, 0.97, 1.05, 1.09, 1.14, 1.22, 1.18, 1.13, 1.14, 1.2, 1.31, 1.46, 1.62,
  1.7, 1.58, 1.22, 0.87,
];

export const busiest = 1.7 * 1.08;

/** How busy people are at this moment, 1 on average, at most `busiest`. Weekends (1970-01-01 was a Thursday) are 8 % busier. */
export const rhythmAt = (at: number): number => {
  const inDay = ((at % dayMs) + dayMs) % dayMs;
  const hour = Math.floor(inDay / hourMs);
  const share = inDay / hourMs - hour;
  const level = (byHour[hour] ?? 1) * (1 - share) + (byHour[(hour + 1) % 24] ?? 1) * share;
  const weekday = (((Math.floor(at / dayMs) + 4) % 7) + 7) % 7;
  return weekday === 0 || weekday === 6 ? level * 1.08 : level;
};
