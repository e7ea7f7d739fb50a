/** An event as the push source of a pipeline takes it. */
export interface TrackedEvent {
  /** Its own, so that an event that is sent twice counts once. */
  readonly id: string;
  readonly type: string;
  readonly post_id: string;
  readonly user_id: string;
  /** ms since the epoch. */
  readonly at: number;
  readonly [field: string]: unknown;
}

/** What became of a batch. */
export type Delivered =
  | { readonly kind: 'taken' }
  /** Worth another attempt, not before so many ms. */
  | { readonly kind: 'again'; readonly afterMs: number; readonly why: string }
  /** It would be refused again. */
  | { readonly kind: 'refused'; readonly why: string };

export interface Address {
  readonly url: string;
  readonly key: string | undefined;
}

const timeoutMs = 10_000;

const isWorthAgain = (status: number): boolean => status === 408 || status === 429 || status >= 500;

/** Sends a batch and reads the answer. Never throws. */
export const deliver = async ({ url, key }: Address, events: readonly TrackedEvent[]): Promise<Delivered> => {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: JSON.stringify(events),
      headers: { 'content-type': 'application/json', ...(key !== undefined && { authorization: `Bearer ${key}` }) },
      signal: AbortSignal.timeout(timeoutMs),
    });
    const says = await response.text();
    if (response.ok) return { kind: 'taken' };
    const why = `${response.status} ${says.slice(0, 300)}`;
    if (!isWorthAgain(response.status)) return { kind: 'refused', why };
    return { kind: 'again', afterMs: 1000 * Number(response.headers.get('retry-after') ?? 0) || 0, why };
  } catch (error) {
    return { kind: 'again', afterMs: 0, why: (error as Error).message };
  }
};

/** What of a browser a beacon needs. */
interface Page {
  readonly navigator?: { sendBeacon?(url: string, body: string): boolean };
}

/** Browsers take no larger beacons, in bytes; a character may have three. */
const mostOfBeacon = 60_000 / 3;

/**
 * Hands events to the browser, which sends them even when the page is gone. As text and with the key in the body: beacons can
 * have no headers, and addresses end in logs.
 *
 * @returns events that it did not take
 */
export const beacon = ({ url, key }: Address, events: readonly TrackedEvent[]): readonly TrackedEvent[] => {
  const { navigator } = globalThis as Page;
  for (let from = 0; from < events.length; ) {
    let to = events.length;
    let body = JSON.stringify({ api_key: key, events: events.slice(from, to) });
    while (body.length > mostOfBeacon && to - from > 1) {
      to = from + Math.ceil((to - from) / 2);
      body = JSON.stringify({ api_key: key, events: events.slice(from, to) });
    }
    if (navigator?.sendBeacon?.(url, body) !== true) return events.slice(from);
    from = to;
  }
  return [];
};
