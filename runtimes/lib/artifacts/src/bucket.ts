import type { Credentials } from './access.ts';
import { asked, bodyOf } from './http.ts';
import { type S3Store, signing, urlOf } from './s3.ts';

/** A store of the S3 kind that is written to. All methods throw FetchError. */
export interface Bucket {
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Names of the folders right below one, which ends with a slash or is empty. */
  folders(prefix: string): Promise<readonly string[]>;
  /** Removes all that lies below. */
  remove(prefix: string): Promise<void>;
}

interface Page {
  readonly found: readonly string[];
  readonly next: string | undefined;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const textOf = (xml: string): string => xml.replace(/&(amp|lt|gt|quot|apos);/g, (_, name) => entities[name] ?? '');

/** Keys, or folders, of a page of ListObjectsV2, which were asked for in the encoding of URLs. */
const pageOf = (xml: string, isFolders: boolean): Page => {
  const form = isFolders ? /<CommonPrefixes>\s*<Prefix>([^<]*)</g : /<Key>([^<]*)</g;
  const found = [...xml.matchAll(form)].map(([, name = '']) => decodeURIComponent(textOf(name).replaceAll('+', ' ')));
  const [, token] = /<NextContinuationToken>([^<]+)</.exec(xml) ?? [];
  return { found, next: token === undefined ? undefined : textOf(token) };
};

/** @throws FetchError for half of a pair of keys */
export const openBucket = (store: S3Store, credentials: Credentials): Bucket => {
  const uriOf = (key: string): string => `s3://${store.bucket}/${key}`;
  const ask = signing(store, credentials, uriOf(''));

  const list = async (prefix: string, isFolders: boolean): Promise<readonly string[]> => {
    const all: string[] = [];
    for (let token: string | undefined = ''; token !== undefined; ) {
      const wanted = new URLSearchParams({ 'list-type': '2', 'encoding-type': 'url', prefix });
      if (isFolders) wanted.set('delimiter', '/');
      if (token !== '') wanted.set('continuation-token', token);
      const url = `${urlOf({ ...store, key: '' })}?${wanted}`;
      const page: Page = await asked(
        uriOf(prefix),
        (signal) => ask(url, { signal }),
        async (response) => pageOf(Buffer.from(await bodyOf(response, uriOf(prefix))).toString('utf8'), isFolders),
      );
      all.push(...page.found);
      token = page.next;
    }
    return all;
  };
  const send = (method: 'PUT' | 'DELETE', key: string, body?: Uint8Array): Promise<void> =>
    asked(
      uriOf(key),
      (signal) => ask(urlOf({ ...store, key }), { method, signal, ...(body !== undefined && { body }) }),
      async (response) => response.body?.cancel(),
    );
  return {
    put: (key, bytes) => send('PUT', key, bytes),
    folders: async (prefix) =>
      (await list(prefix, true)).map((folder) => folder.slice(prefix.length).replace(/\/$/, '')),
    remove: async (prefix) => {
      for (const key of await list(prefix, false)) await send('DELETE', key);
    },
  };
};
