/** Lets one wait for others to change something. */
export interface Wakeup {
  /** Resolves at the next `wake`, or after `maxWaitMs`. */
  wait(maxWaitMs: number): Promise<void>;
  wake(): void;
}

export const createWakeup = (): Wakeup => {
  const waiting = new Set<() => void>();
  return {
    wait: (maxWaitMs) =>
      new Promise((resolve) => {
        const go = (): void => {
          clearTimeout(timer);
          waiting.delete(go);
          resolve();
        };
        const timer = setTimeout(go, maxWaitMs);
        waiting.add(go);
      }),
    wake: () => {
      for (const go of [...waiting]) go();
    },
  };
};
