/** Calls that a client may give up at once, and each second from then on: as many as nghttp2 lets it. */
const [burst, perSecond] = [1000, 33];

/**
 * Whether a client may give up one more call. Whoever opens calls only to give them up costs much and waits for nothing
 * ("rapid reset", CVE-2023-44487).
 */
export const createResetBudget = (now: () => number = () => performance.now()): (() => boolean) => {
  let left = burst;
  let at = now();
  return () => {
    const time = now();
    left = Math.min(burst, left + ((time - at) / 1000) * perSecond) - 1;
    at = time;
    return left >= 0;
  };
};
