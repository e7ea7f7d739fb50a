import type { FeatureWindow } from '@groundswell/crds';
import { flinkSqlOf, kafkaTables } from '@groundswell/flink';
import { eventEnvironment } from '../environments.ts';
import type { WindowProgram } from '../programs/index.ts';
import { isGuarded, type PartContext, type WindowReading } from './context.ts';
import type { Unhashed } from './revision.ts';

type Settings = NonNullable<FeatureWindow['spec']['flink']>;
type Resources = NonNullable<Settings['jobManager']>;

/** What is refused does not depend on where the brokers are. */
const tables = kafkaTables({ brokers: '', group: '' });

/**
 * The settings of a window with `engine: Flink`; undefined for ours. What SQL cannot say is refused. On a laptop our own
 * worker computes the same rows.
 */
export const compileFlink = (
  reading: WindowReading,
  { reading: pipeline }: PartContext,
  program: Unhashed<WindowProgram>,
): WindowProgram['flink'] | undefined => {
  const { spec, target } = reading;
  if (spec.engine !== 'Flink') return undefined;
  const { refusals } = flinkSqlOf(program, { environment: eventEnvironment, tables });
  for (const { path, message } of refusals) reading.refuse(path, message);
  if (isGuarded(pipeline)) reading.notYet(['engine'], 'with TLS or SASL of the Kafka use Groundswell');
  if (program.thinned === true)
    reading.refuse(
      ['engine'],
      'Cannot use Flink where a source may be thinned out: its SQL counts each event once, engine: Groundswell is needed',
    );
  if (target === 'cluster') return settingsOf(spec.flink);
  reading.warn(
    ['engine'],
    'Cannot use Flink here: it runs only in a cluster, the window is computed by Groundswell with the same results',
  );
  return undefined;
};

const settingsOf = (settings: Settings | undefined): WindowProgram['flink'] => ({
  version: settings?.version ?? 'v2_2',
  parallelism: settings?.parallelism ?? 1,
  configuration: { ...settings?.configuration },
  ...(settings?.image !== undefined && { image: settings.image }),
  ...(settings?.jobManager !== undefined && { jobManager: sizeOf(settings.jobManager) }),
  ...(settings?.taskManager !== undefined && { taskManager: sizeOf(settings.taskManager) }),
});

/** Flink is given one size: the CPU that is set aside, and the memory that must not be exceeded. */
const sizeOf = ({ requests, limits }: Resources) => {
  const cpu = requests?.['cpu'] ?? limits?.['cpu'];
  const memory = limits?.['memory'] ?? requests?.['memory'];
  return { ...(cpu !== undefined && { cpu: String(cpu) }), ...(memory !== undefined && { memory: String(memory) }) };
};
