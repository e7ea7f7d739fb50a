import type { Metrics } from '@groundswell/process';

/** Every metric of an alerter. */
export const createAlerterMetrics = (metrics: Metrics) => {
  const alerts = metrics.counter(
    'alerter_alerts_total',
    'Alerts by what became of them: fired, repeated (of a key that had one), ended',
    ['rule', 'outcome'],
  );
  const messages = metrics.counter(
    'alerter_messages_total',
    'Tries to send a message, by how they ended: sent, retry, given-up',
    ['channel', 'outcome'],
  );
  const delay = metrics.histogram(
    'alerter_delivery_seconds',
    'From a message to its arrival at the channel',
    [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600],
    ['channel'],
  );
  const waiting = metrics.gauge('alerter_messages_waiting', 'Messages that have not arrived yet', ['channel']);
  const totals = { fired: 0, repeated: 0, ended: 0 };
  let sent = 0;
  return {
    alert: (rule: string, outcome: keyof typeof totals): void => {
      alerts.inc({ rule, outcome });
      totals[outcome] += 1;
    },
    message: (channel: string, outcome: 'sent' | 'retry' | 'given-up'): void => {
      messages.inc({ channel, outcome });
      if (outcome === 'sent') sent += 1;
    },
    arrived: (channel: string, tookMs: number): void => delay.labels(channel).observe(tookMs / 1_000),
    waiting: (channels: readonly string[], parcels: readonly { readonly channel: string }[]): void => {
      for (const channel of channels)
        waiting.labels(channel).set(parcels.filter((parcel) => parcel.channel === channel).length);
    },
    produced: () => ({ 'alerts fired': totals.fired, 'alerts repeated': totals.repeated, 'messages sent': sent }),
  };
};

export type AlerterMetrics = ReturnType<typeof createAlerterMetrics>;
