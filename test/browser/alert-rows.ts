import type { KeyValue } from '@groundswell/stores';
import { type Alert, type AlertDelivery, keysOf } from '@groundswell/wire';
import { model, pipeline } from './rows.ts';

const at = Date.UTC(2025, 10, 27, 14, 31);

/** An alert that reached one channel and failed at another, as the alerter writes it. */
export const writeAlert = async (keyValue: KeyValue): Promise<void> => {
  const alert: Alert = {
    ...{ id: 'a1', rule: 'going-viral', severity: 'Critical', state: 'firing', key: '3lq5zk2', model },
    ...{ variant: 'champion', post_id: '3lq5zk2', author_id: 'Harbour Watch', score: 0.972 },
    ...{ posted_at: at - 47 * 60_000, scored_at: at, age_ms: 47 * 60_000, fired_at: at },
    ...{ title: 'Harbour Watch is going viral', text: 'The old lighthouse at Cape Wren is being moved inland.' },
  };
  const sent: AlertDelivery = { channel: 'newsroom', state: 'sent', at, attempts: 1 };
  const failed: AlertDelivery = { channel: 'hook', state: 'failed', at, attempts: 9, problem: 'answered 503' };
  const keys = keysOf(pipeline);
  const batch = keyValue.batch();
  batch.hashSet(keys.alert('a1'), {
    alert: JSON.stringify(alert),
    'channel:newsroom': JSON.stringify(sent),
    'channel:hook': JSON.stringify(failed),
  });
  batch.sortedAdd(keys.alerts, [{ member: 'a1', score: at }]);
  await batch.run();
};
