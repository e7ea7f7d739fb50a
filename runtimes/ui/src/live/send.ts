import { problemOf, unreachable } from './use-asked.ts';

/** What became of something that was sent. */
export type Sent =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly status: number; readonly why: string };

/** Posts JSON. @param key  Of the API, where one is needed; '' for none */
export const send = async (path: string, body: object, key: string): Promise<Sent> => {
  const headers = { 'content-type': 'application/json', ...(key !== '' && { authorization: `Bearer ${key}` }) };
  try {
    const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) });
    if (response.ok) return { kind: 'taken' };
    return { kind: 'refused', status: response.status, why: problemOf(await response.json()) };
  } catch {
    return { kind: 'refused', status: 0, why: unreachable };
  }
};
