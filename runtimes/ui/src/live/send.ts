import { problemOf, unreachable } from './use-asked.ts';

/** What became of something that was sent. */
export type Sent<T> =
  /** `undefined` where the answer has no body. */
  | { readonly kind: 'taken'; readonly value: T }
  | { readonly kind: 'refused'; readonly status: number; readonly why: string };

/** Posts JSON. @param key  Of the API, where one is needed; '' for none */
export const send = async <T = undefined>(path: string, body: object, key = ''): Promise<Sent<T>> => {
  const headers = { 'content-type': 'application/json', ...(key !== '' && { authorization: `Bearer ${key}` }) };
  try {
    const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
    const value: unknown = response.status === 204 ? undefined : await response.json();
    if (response.ok) return { kind: 'taken', value: value as T };
    return { kind: 'refused', status: response.status, why: problemOf(value) };
  } catch {
    return { kind: 'refused', status: 0, why: unreachable };
  }
};
