import { setTimeout as wait } from 'node:timers/promises';

/**
 * Does something so often in a second, whether or not what came before has ended, and answers what all of it gave. `due` is
 * when it should have begun (`performance.now()`): counted from there, a server that stands still is late for all that came meanwhile.
 */
export const atRate = async <T>(
  { rate, count }: { readonly rate: number; readonly count: number },
  act: (i: number, due: number) => Promise<T>,
): Promise<readonly T[]> => {
  const from = performance.now();
  const acts: Promise<T>[] = [];
  for (let i = 0; i < count; i++) {
    const due = from + (i * 1000) / rate;
    const ahead = due - performance.now();
    if (ahead > 0) await wait(ahead);
    acts.push(act(i, due));
  }
  return Promise.all(acts);
};
