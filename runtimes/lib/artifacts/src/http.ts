import { type Credentials, FetchError, shown } from './access.ts';

/** An answer must be whole by then, ms. */
const timeoutMs = 300_000;
/** Bytes of an artifact, at most: more is no model that a pod has room for. */
const maxBytes = 2 ** 30;

/** What a server says to a request, once it grants it (200 or 204). @throws FetchError for anything else */
export const asked = async <T>(
  uri: string,
  ask: (signal: AbortSignal) => Promise<Response>,
  take: (response: Response) => Promise<T>,
): Promise<T> => {
  try {
    const response = await ask(AbortSignal.timeout(timeoutMs));
    if (response.status === 200 || response.status === 204) return await take(response);
    await response.body?.cancel();
    throw new FetchError(`${shown(uri)} is answered with ${response.status}, 200 or 204 is needed`, {
      isTransient: true,
    });
  } catch (error) {
    if (error instanceof FetchError) throw error;
    const { cause = error } = error as { readonly cause?: { readonly code?: string } };
    const { code = (error as Error).name } = cause as { readonly code?: string };
    throw new FetchError(`${shown(uri)} could not be reached ("${code}"), a server that answers is needed`, {
      isTransient: true,
      cause: error,
    });
  }
};

/** @throws FetchError for a body that is too large */
export const bodyOf = async (response: Response, uri: string): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > maxBytes)
      throw new FetchError(`${shown(uri)} has more than ${maxBytes} bytes, a smaller file is needed`, {
        isTransient: false,
      });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

const authorizationOf = ({ token, username, password }: Credentials): Record<string, string> => {
  if (token !== undefined) return { authorization: `Bearer ${token}` };
  if (username === undefined) return {};
  const pair = Buffer.from(`${username}:${password ?? ''}`).toString('base64');
  return { authorization: `Basic ${pair}` };
};

/** @throws FetchError */
export const download = (uri: string, ask: (signal: AbortSignal) => Promise<Response>): Promise<Uint8Array> =>
  asked(uri, ask, (response) => bodyOf(response, uri));

/** A redirection to another host loses the credentials: `fetch` sees to that. */
export const downloadHttp = (url: string, credentials: Credentials): Promise<Uint8Array> =>
  download(url, (signal) => fetch(url, { headers: authorizationOf(credentials), signal }));
