import { useEffect, useRef, useState } from 'react';

/** A list that changes its order more often than this cannot be read. */
const leastMs = 1000;

/** The newest value, but at most one change a second, and none while `held`. The first value comes at once. */
export const useCalm = <T>(newest: T | undefined, held: boolean): T | undefined => {
  const [shown, setShown] = useState(newest);
  const shownAt = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    if (held || newest === shown) return;
    const waitMs = Math.max(0, shownAt.current + leastMs - performance.now());
    const timer = setTimeout(() => {
      shownAt.current = performance.now();
      setShown(newest);
    }, waitMs);
    return () => clearTimeout(timer);
  }, [newest, shown, held]);
  return shown;
};
