import { setTimeout as wait } from 'node:timers/promises';
import type { Answer, Parcel } from '@groundswell/alerting';

interface Returned {
  readonly parcel: Parcel;
  readonly answer: Answer;
}

/** Sends in the background, so that a slow receiver holds up nothing: what came back is asked for. */
export interface Postman {
  send(parcel: Parcel): void;
  /** Channels that have a message on its way. */
  busy(): ReadonlySet<string>;
  /** What came back since this was last asked. */
  returned(): readonly Returned[];
  /** Resolves when something has come back, or nothing is on its way, or after `forMs`. */
  wait(forMs: number): Promise<void>;
}

export const createPostman = (deliver: (parcel: Parcel) => Promise<Answer>): Postman => {
  const onTheWay = new Map<string, Promise<void>>();
  let back: Returned[] = [];
  return {
    send: (parcel) => {
      const way = deliver(parcel).then((answer) => {
        back.push({ parcel, answer });
        onTheWay.delete(parcel.channel);
      });
      onTheWay.set(parcel.channel, way);
    },
    busy: () => new Set(onTheWay.keys()),
    returned: () => {
      const all = back;
      back = [];
      return all;
    },
    wait: async (forMs) => {
      if (onTheWay.size === 0 || back.length > 0) return;
      const timer = new AbortController();
      const timeout = wait(forMs, undefined, { signal: timer.signal }).catch(() => undefined);
      await Promise.race([...onTheWay.values(), timeout]);
      timer.abort();
    },
  };
};
