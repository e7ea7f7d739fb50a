/** Messages that were sent, by minute of wall time since the epoch, oldest first. */
export type Sent = readonly (readonly [minute: number, count: number])[];

const minuteMs = 60_000;

/** Of the last hour. The minute that began an hour ago counts whole, so that no hour, whenever it begins, has more. */
export const recent = (sent: Sent, now: number): Sent => {
  const first = Math.floor(now / minuteMs) - 60;
  return sent.filter(([minute]) => minute >= first);
};

export const countOf = (sent: Sent): number => sent.reduce((sum, [, count]) => sum + count, 0);

export const withOneMore = (sent: Sent, now: number): Sent => {
  const minute = Math.floor(now / minuteMs);
  const last = sent.at(-1);
  // A clock that was set back adds to the newest minute.
  if (last === undefined || last[0] < minute) return [...sent, [minute, 1]];
  return [...sent.slice(0, -1), [last[0], last[1] + 1]];
};
