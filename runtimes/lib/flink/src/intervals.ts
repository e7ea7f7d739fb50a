/** Milliseconds as an interval of SQL, at most 999 days. */
export const intervalOf = (ms: number): string => {
  const two = (value: number): string => String(value).padStart(2, '0');
  const days = Math.floor(ms / 86_400_000);
  const [hours, minutes] = [Math.floor(ms / 3_600_000) % 24, Math.floor(ms / 60_000) % 60];
  const [seconds, millis] = [Math.floor(ms / 1000) % 60, String(ms % 1000).padStart(3, '0')];
  return `INTERVAL '${days} ${two(hours)}:${two(minutes)}:${two(seconds)}.${millis}' DAY(3) TO SECOND(3)`;
};

/** A TIMESTAMP in UTC as ms since the epoch. */
export const millisOf = (timestamp: string): string =>
  `(EXTRACT(EPOCH FROM ${timestamp}) * 1000 + EXTRACT(MILLISECOND FROM ${timestamp}))`;
