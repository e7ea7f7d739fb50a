import type { WindowProgram } from '../programs/index.ts';
import type { WindowReading } from './context.ts';

/** How much state a worker may hold. */
export const compileLimits = ({ spec, notYet, refuse, name }: WindowReading): Pick<WindowProgram, 'limits'> => {
  const { maxKeys, maxMemory, whenFull } = spec.state;
  if (whenFull !== 'Stop') notYet(['state', 'whenFull'], 'use Stop');
  if (maxKeys === undefined && maxMemory === undefined) return {};
  if (spec.engine === 'Flink')
    refuse(
      ['state'],
      `Cannot limit the state of "${name}": Flink keeps it, set flink.taskManager or flink.configuration`,
    );
  return {
    limits: {
      ...(maxKeys !== undefined && { maxKeys }),
      ...(maxMemory !== undefined && { maxBytes: maxMemory }),
    },
  };
};
