import type { WindowProgram } from '../programs/index.ts';
import type { WindowReading } from './context.ts';

/** Where the state of a window lies, if not in its changelog. */
export const compileVolume = ({ spec, target, refuse, name }: WindowReading): Pick<WindowProgram, 'volume'> => {
  if (target === 'local') return {};
  const { store, volume } = spec.state;
  if (store === 'Changelog' || volume === undefined) return {};
  const { size, storageClassName, accessMode } = volume;
  if (spec.engine === 'Flink')
    refuse(
      ['state', 'volume'],
      `Cannot keep the state of "${name}" on a volume: Flink keeps it, set flink.configuration`,
    );
  return { volume: { size, accessMode, ...(storageClassName !== undefined && { storageClassName }) } };
};
