import type { WindowProgram } from '../programs/index.ts';
import type { WindowReading } from './context.ts';

/** How much state a worker may hold. */
export const compileLimits = ({ spec, refuse, name }: WindowReading): Pick<WindowProgram, 'limits'> => {
  const { maxKeys, maxMemory, whenFull } = spec.state;
  const evicts = whenFull === 'EvictOldest';
  if (maxKeys === undefined && maxMemory === undefined && !evicts) return {};
  if (spec.engine === 'Flink')
    refuse(
      ['state'],
      `Cannot limit the state of "${name}": Flink keeps it, set flink.taskManager or flink.configuration`,
    );
  return {
    limits: {
      ...(maxKeys !== undefined && { maxKeys }),
      ...(maxMemory !== undefined && { maxBytes: maxMemory }),
      ...(evicts && { evicts }),
    },
  };
};
