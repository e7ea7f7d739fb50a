import { offlineStoreContract } from '../contract/offline.ts';
import { createMemoryKeyValue, type KeyValue } from '../index.ts';
import { createHashOfflineStore } from './hashes.ts';

/** Never answers. */
const silent: KeyValue = {
  batch: () =>
    new Proxy({} as ReturnType<KeyValue['batch']>, {
      get: (_, name) => (name === 'run' ? () => new Promise(() => undefined) : () => ({ value: () => [] })),
    }),
  close: async () => undefined,
};

offlineStoreContract('an offline store of hashes in memory', async () => {
  const keyValue = createMemoryKeyValue({ clock: { now: () => Date.now() } });
  return {
    store: createHashOfflineStore(keyValue, 'offline:'),
    fill: async (rows) => {
      const batch = keyValue.batch();
      for (const [key, fields] of Object.entries(rows)) batch.hashSet(`offline:${key}`, fields);
      await batch.run();
    },
    unreachable: createHashOfflineStore(silent, 'offline:'),
    close: () => keyValue.close(),
  };
});
