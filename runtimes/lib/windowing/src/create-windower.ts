import { assemble } from './assemble.ts';
import type { Mechanism } from './mechanism.ts';
import { createPanedWindows } from './paned-windows.ts';
import { createPatternWindows } from './pattern/pattern-windows.ts';
import { createRunningWindows } from './running-windows.ts';
import { createSessionWindows } from './session-windows.ts';
import type { Parts } from './snapshot.ts';
import type { Windower, WindowerOptions } from './windower.ts';

/**
 * @param snapshot of a windower with equal options but for weights, and what changed since; without one it begins empty
 * @throws RangeError for a shape that cannot be, and for an aggregation that it cannot have
 * @throws CorruptSnapshotError for a snapshot that is cut short or of other options
 */
export const createWindower = <E>(options: WindowerOptions<E>, snapshot?: Parts): Windower<E> =>
  assemble(options, mechanismOf(options), snapshot);

const mechanismOf = <E>(options: WindowerOptions<E>): Mechanism<E> => {
  const { shape } = options;
  switch (shape.kind) {
    case 'tumble':
    case 'hop':
      return createPanedWindows(options, shape);
    case 'session':
      return createSessionWindows(options, shape);
    case 'global':
    case 'decay':
      return createRunningWindows(options, shape);
    case 'pattern':
      return createPatternWindows(options, shape);
  }
};
