import type { Answer } from '@groundswell/alerting';

export interface Post {
  readonly url: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Must not be in what is said of a failure. */
  readonly secrets: readonly string[];
}

/** Of an answer, so much is looked at. */
const shownCharacters = 200;

const withoutSecrets = (text: string, secrets: readonly string[]): string =>
  secrets.filter((secret) => secret !== '').reduce((left, secret) => left.replaceAll(secret, '…'), text);

/** `Retry-After`, in seconds or as a date, in ms. */
const retryAfterOf = (value: string | null, now: number): number | undefined => {
  if (value === null) return undefined;
  const ms = /^[0-9]+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
};

/** 408, 425 and 429 may pass; any other 4xx says that the request itself is wrong. */
const isForGood = (status: number): boolean => status < 500 && ![408, 425, 429].includes(status);

const causeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer in time';
  const { cause } = error;
  return cause instanceof Error ? `${error.message} (${cause.message})` : error.message;
};

/** Posts JSON. Redirects are not followed: a secret in the address is for nobody else. */
export const httpPost = async ({ url, body, headers, timeoutMs, secrets }: Post): Promise<Answer> => {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'groundswell', ...headers },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const said = (await response.text()).slice(0, shownCharacters).trim();
    if (response.ok) return { kind: 'sent' };
    const problem = withoutSecrets(`answered ${response.status}${said === '' ? '' : `: ${said}`}`, secrets);
    if (isForGood(response.status)) return { kind: 'refused', problem };
    const retryAfterMs = retryAfterOf(response.headers.get('retry-after'), Date.now());
    return { kind: 'failed', problem, ...(retryAfterMs !== undefined && { retryAfterMs }) };
  } catch (error) {
    return { kind: 'failed', problem: withoutSecrets(causeOf(error), secrets) };
  }
};
