import { createHmac } from 'node:crypto';

/** A key as Standard Webhooks writes it is base64 behind `whsec_`; any other text is the key itself. */
const keyBytes = (key: string): Buffer =>
  key.startsWith('whsec_') ? Buffer.from(key.slice('whsec_'.length), 'base64') : Buffer.from(key);

/** Headers by Standard Webhooks 1.0.0. `id` is that of the message, so that one that comes twice can be told. */
export const signed = (id: string, body: string, { key, now }: { key: string | undefined; now: number }) => {
  const timestamp = String(Math.floor(now / 1_000));
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (key === undefined) return headers;
  const signature = createHmac('sha256', keyBytes(key)).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { ...headers, 'webhook-signature': `v1,${signature}` };
};
