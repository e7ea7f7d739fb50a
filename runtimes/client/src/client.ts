import createFetchClient, { type Client } from 'openapi-fetch';
import { type Following, follow, type Heard } from './follow.ts';
import type { paths } from './schema.ts';

export interface GroundswellOptions {
  /** Of the API, as in https://virality.example.com. */
  readonly url: string;
  /** An API key, where the pipeline has any. Not on a page for everybody: who sees the page sees the key. */
  readonly key?: string;
  /** Absent: that of the platform. */
  readonly fetch?: typeof globalThis.fetch;
}

/** The API, typed by its OpenAPI document: `GET('/v1/top', { params: { query: { limit: 3 } } })` gives `data` or a problem as `error`. */
export interface Groundswell extends Client<paths, `${string}/${string}`> {
  /** The newest states, whenever they change. A connection that ends is made anew, until the signal. */
  follow(following?: Following): AsyncGenerator<Heard>;
}

/** Uses nothing but `fetch`: for Node, browsers and edge workers. */
export const createGroundswell = ({ url, key, fetch = globalThis.fetch }: GroundswellOptions): Groundswell => {
  const baseUrl = url.replace(/\/$/, '');
  const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const client = createFetchClient<paths>({ baseUrl, headers, fetch: (request) => fetch(request) });
  return { ...client, follow: (following = {}) => follow({ baseUrl, headers, fetch }, following) };
};
