import type { KeyValue } from '../key-value.ts';
import { type OfflineStore, within } from './offline-store.ts';

/** Rows are hashes whose keys begin with the prefix; somebody else fills them. */
export const createHashOfflineStore = (keyValue: KeyValue, keyPrefix: string): OfflineStore => ({
  read: async (keys, fields, timeoutMs) => {
    if (keys.length === 0) return [];
    const batch = keyValue.batch();
    const replies = keys.map((key) => batch.hashGet(`${keyPrefix}${key}`, fields));
    await within(batch.run(), timeoutMs);
    return replies.map((reply) => reply.value());
  },
});
