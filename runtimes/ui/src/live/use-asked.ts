import { useEffect, useState } from 'react';

/** What a request came to. */
export type Asked<T> =
  | { readonly kind: 'asking' }
  | { readonly kind: 'answered'; readonly value: T }
  /** In the words of the API where it says any. */
  | { readonly kind: 'refused'; readonly status: number; readonly why: string };

export const unreachable = 'Cannot reach the API. Try again in a moment.';

/** In the words of the API, where it says any. */
export const problemOf = (body: unknown): string => (body as { detail?: string }).detail ?? unreachable;

const ask = async <T>(path: string, signal: AbortSignal): Promise<Asked<T>> => {
  const response = await fetch(path, { signal });
  const body: unknown = await response.json();
  if (response.ok) return { kind: 'answered', value: body as T };
  return { kind: 'refused', status: response.status, why: problemOf(body) };
};

/** Asks once, and again every `everyMs` while the page is looked at. Without a path, nothing is asked. */
export const useAsked = <T>(path: string | undefined, everyMs?: number): Asked<T> => {
  const [asked, setAsked] = useState<Asked<T>>({ kind: 'asking' });
  useEffect(() => {
    if (path === undefined) return;
    const leaving = new AbortController();
    const look = () => {
      if (document.hidden) return;
      ask<T>(path, leaving.signal).then(setAsked, () => {
        if (!leaving.signal.aborted) setAsked({ kind: 'refused', status: 0, why: unreachable });
      });
    };
    setAsked({ kind: 'asking' });
    look();
    const timer = everyMs === undefined ? undefined : setInterval(look, everyMs);
    return () => {
      leaving.abort();
      clearInterval(timer);
    };
  }, [path, everyMs]);
  return asked;
};
