import type { OfflineStoreSpec } from '@groundswell/graph';
import { createHashOfflineStore, createHbaseOfflineStore, type OfflineStore, type Ports } from '@groundswell/stores';

export const openOfflineStore = ({ place }: OfflineStoreSpec, { keyValue }: Pick<Ports, 'keyValue'>): OfflineStore =>
  place.kind === 'hashes' ? createHashOfflineStore(keyValue, place.keyPrefix) : createHbaseOfflineStore(place);
