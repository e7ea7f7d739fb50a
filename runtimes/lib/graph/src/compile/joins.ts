import { constants } from '@groundswell/cel';
import type { FeatureWindow } from '@groundswell/crds';
import { eventEnvironment } from '../environments.ts';
import type { Join, WindowProgram } from '../programs/index.ts';
import type { WindowReading } from './context.ts';

type Written = FeatureWindow['spec']['joins'][number];

/** Names of the rows that expressions of the window see beside the event. */
export const joinNames = ({ joins }: Pick<FeatureWindow['spec'], 'joins'>): readonly string[] =>
  joins.map(({ name }) => name);

export const compileJoins = (reading: WindowReading): Pick<WindowProgram, 'joins'> => {
  const { spec, refuse } = reading;
  if (spec.joins.length === 0) return {};
  if (spec.engine === 'Flink')
    refuse(
      ['joins'],
      'Cannot compile joins to Flink SQL: its rows would depend on when a table is read, use Groundswell',
    );
  return { joins: spec.joins.map((join, i) => compileJoin(reading, join, i)) };
};

/** Variables that there are already. */
const taken = ['event', ...Object.keys(constants)];

const compileJoin = (reading: WindowReading, written: Written, i: number): Join => {
  const { name, table, key, whenMissing, wait, version } = written;
  const { refuse } = reading;
  if (taken.includes(name))
    refuse(
      ['joins', i, 'name'],
      `Cannot name a row "${name}": expressions know it as something else, use another name`,
    );
  if (table.topic === reading.spec.input.topic)
    refuse(['joins', i, 'table', 'topic'], `Cannot join "${table.topic}": it is what the window reads, use a table`);
  if (whenMissing !== 'Wait' && wait !== defaultWaitMs)
    refuse(['joins', i, 'wait'], `Cannot use "wait" here: no event waits with whenMissing: ${whenMissing}, remove it`);
  return {
    name,
    topic: { name: table.topic, compacted: true },
    maxRows: table.maxRows,
    key: reading.expression(['joins', i, 'key'], key, eventEnvironment),
    ...{ whenMissing, version },
    waitMs: whenMissing === 'Wait' ? wait : 0,
  };
};

/** As in the schema. */
const defaultWaitMs = 10_000;
