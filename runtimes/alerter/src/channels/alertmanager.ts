import { alertmanagerPayload } from '@groundswell/alerting';
import type { AlertChannel, AlertRule } from '@groundswell/graph';
import type { ChannelWorld, Send } from './channel.ts';
import { httpPost } from './http-post.ts';

type Alertmanager = Extract<AlertChannel, { readonly kind: 'alertmanager' }>;

const timeoutMs = 10_000;
const leastStandsMs = 3_600_000;

export const alertmanagerChannel = (
  { url, token: reference, labels }: Alertmanager,
  { pipeline, values, rules }: ChannelWorld,
): Send => {
  const standsMsOf = (name: string): number =>
    Math.max(leastStandsMs, rules.find((rule: AlertRule) => rule.name === name)?.once.withinMs ?? 0);
  return async (message) => {
    const token = reference && (await values.read(reference));
    return httpPost({
      url: `${url.replace(/\/$/, '')}/api/v2/alerts`,
      body: JSON.stringify(alertmanagerPayload(message, { pipeline, labels, standsMs: standsMsOf(message.rule) })),
      ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
      timeoutMs,
      secrets: token === undefined ? [] : [token],
    });
  };
};
