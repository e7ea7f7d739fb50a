import { createPanedWindower } from './paned-windower.ts';
import type { Windower, WindowerOptions } from './windower.ts';

/**
 * @param snapshot of a windower with equal options but for weights; without one it begins empty
 * @throws RangeError for a shape that cannot be
 * @throws CorruptSnapshotError for a snapshot that is cut short or of other options
 */
export const createWindower = <E>(options: WindowerOptions<E>, snapshot?: Uint8Array): Windower<E> => {
  switch (options.shape.kind) {
    case 'tumble':
    case 'hop':
      return createPanedWindower(options, snapshot);
  }
};
