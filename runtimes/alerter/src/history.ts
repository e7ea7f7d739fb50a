import type { AlerterProgram } from '@groundswell/graph';
import type { KeyValue } from '@groundswell/stores';
import { type Alert, type AlertDelivery, keysOf } from '@groundswell/wire';

/** So many alerts are kept, whatever their age. */
const mostAlerts = 10_000;

/** What the API shows of alerts. Every write can be made twice. */
export interface History {
  fired(alerts: readonly Alert[]): Promise<void>;
  ended(alertId: string, at: number): Promise<void>;
  /** @param alertIds those of one message */
  delivery(alertIds: readonly string[], delivery: AlertDelivery): Promise<void>;
  /** Whether these have all arrived at the channel. */
  arrived(alertIds: readonly string[], channel: string): Promise<boolean>;
}

const channelField = (channel: string): string => `channel:${channel}`;

export const createHistory = (program: () => AlerterProgram, keyValue: KeyValue): History => {
  const keys = keysOf(program().pipeline);
  return {
    fired: async (alerts) => {
      const newest = Math.max(...alerts.map(({ fired_at }) => fired_at));
      const { historyMs, rules } = program();
      const batch = keyValue.batch();
      for (const alert of alerts) {
        const key = keys.alert(alert.id);
        const held = (rules.find(({ name }) => name === alert.rule)?.channels ?? []).map((channel) => [
          channelField(channel),
          JSON.stringify({ channel, state: 'held', at: alert.fired_at, attempts: 0 } satisfies AlertDelivery),
        ]);
        batch.hashSet(key, { alert: JSON.stringify(alert), ...Object.fromEntries(held) });
        batch.expire(key, historyMs);
      }
      batch.sortedAdd(
        keys.alerts,
        alerts.map(({ id, fired_at }) => ({ member: id, score: fired_at })),
      );
      batch.sortedRemoveByScore(keys.alerts, Number.NEGATIVE_INFINITY, newest - historyMs);
      batch.sortedRemoveByRank(keys.alerts, 0, -mostAlerts - 1);
      await batch.run();
    },
    ended: async (alertId, at) => {
      const batch = keyValue.batch();
      batch.hashSet(keys.alert(alertId), { ended: String(at) });
      batch.expire(keys.alert(alertId), program().historyMs);
      await batch.run();
    },
    delivery: async (alertIds, delivery) => {
      const batch = keyValue.batch();
      for (const id of alertIds) {
        batch.hashSet(keys.alert(id), { [channelField(delivery.channel)]: JSON.stringify(delivery) });
        batch.expire(keys.alert(id), program().historyMs);
      }
      await batch.run();
    },
    arrived: async (alertIds, channel) => {
      const batch = keyValue.batch();
      const found = alertIds.map((id) => batch.hashGet(keys.alert(id), [channelField(channel)]));
      await batch.run();
      return found.every((reply) => {
        const [text] = reply.value();
        return text !== undefined && (JSON.parse(text) as AlertDelivery).state === 'sent';
      });
    },
  };
};
