import type { AlertChannel } from '@groundswell/graph';
import type { Alert } from '@groundswell/wire';
import type { Message } from '../message.ts';

type Alertmanager = Extract<AlertChannel, { readonly kind: 'alertmanager' }>;

interface Given {
  readonly pipeline: string;
  readonly labels: Alertmanager['labels'];
  /** How long an alert stands that nobody ends, ms. */
  readonly standsMs: number;
}

const timeOf = (at: number): string => new Date(at).toISOString();

/**
 * Body of `POST /api/v2/alerts`. Labels tell alerts apart, so they are of the key alone: the same alert, told again, is the same
 * there. Times are wall times: in a replay, event time lies years back, and the Alertmanager would think it over.
 */
export const alertmanagerPayload = (
  { alerts, kind, at }: Message,
  { pipeline, labels, standsMs }: Given,
): readonly object[] =>
  alerts.map(({ rule, severity, key, model, title, text, link, fired_at, ended_at }: Alert) => ({
    labels: { ...labels, alertname: rule, severity: severity.toLowerCase(), pipeline, model, key },
    annotations: { summary: title, description: text },
    startsAt: timeOf(fired_at),
    endsAt: timeOf(kind === 'ended' ? (ended_at ?? at) : fired_at + standsMs),
    ...(link !== undefined && { generatorURL: link }),
  }));
