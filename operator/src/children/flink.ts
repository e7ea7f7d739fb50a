import { flinkSqlOf, kafkaTables } from '@groundswell/flink';
import { eventEnvironment, groupOf, type WindowProgram } from '@groundswell/graph';
import { type Child, metadataOf } from './child.ts';
import { brokersOf } from './connections.ts';
import { configNameOf } from './names.ts';
import type { KubernetesObject } from './objects.ts';

/** A window that Flink runs. */
type FlinkProgram = WindowProgram & { readonly flink: NonNullable<WindowProgram['flink']> };
export type FlinkChild = Child & { readonly program: FlinkProgram };

export const isFlinkChild = (child: Child): child is FlinkChild =>
  child.program.kind === 'window' && child.program.flink !== undefined;

const scriptFolder = '/opt/groundswell';
const scriptName = 'window.sql';

/** Flink's own driver of SQL scripts, in its distribution since 2.0: no jar of ours is needed. */
const sqlDriver = 'org.apache.flink.table.runtime.application.SqlDriver';

/** A job in one pod of each kind, with room for the state of a window. */
const sizes = { jobManager: { cpu: '500m', memory: '1Gi' }, taskManager: { cpu: '1', memory: '2Gi' } } as const;

/**
 * The objects that run a window on Flink: its SQL in a ConfigMap, and a FlinkDeployment for the Flink Kubernetes Operator.
 *
 * @throws Error for a window that SQL cannot say; the compiler refuses it before
 */
export const flinkObjectsOf = (child: FlinkChild): readonly KubernetesObject[] => {
  const { program } = child;
  const tables = kafkaTables({ brokers: brokersOf(child.pipeline).join(','), group: groupOf(program) });
  const { statements, refusals } = flinkSqlOf(program, { environment: eventEnvironment, tables });
  if (refusals.length > 0) throw new Error(refusals.map(({ message }) => message).join('\n'));
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadataOf(child, configNameOf(program)),
      data: { [scriptName]: `${statements.join(';\n\n')};\n` },
    },
    {
      apiVersion: 'flink.apache.org/v1beta1',
      kind: 'FlinkDeployment',
      metadata: { ...metadataOf(child), annotations: { 'groundswell.dev/revision': program.revision } },
      spec: deploymentSpecOf(child),
    },
  ];
};

const deploymentSpecOf = ({ program, placement, pipeline }: FlinkChild) => {
  const { version, image, parallelism, configuration, jobManager, taskManager } = program.flink;
  return {
    ...(image !== undefined && { image }),
    flinkVersion: version,
    // Made by the chart of the Flink Kubernetes Operator in the namespaces that it watches.
    serviceAccount: 'flink',
    restartNonce: placement.restartNonce + pipeline.restartNonce,
    flinkConfiguration: {
      'execution.checkpointing.interval': `${program.saveEveryMs ?? 10_000} ms`,
      'taskmanager.numberOfTaskSlots': String(parallelism),
      ...configuration,
    },
    jobManager: { resource: resourceOf(sizes.jobManager, jobManager), podTemplate: jobManagerPodOf(program) },
    taskManager: { resource: resourceOf(sizes.taskManager, taskManager) },
    job: {
      entryClass: sqlDriver,
      args: ['--scriptUri', `file://${scriptFolder}/${scriptName}`],
      parallelism,
      state: placement.suspended ? 'suspended' : 'running',
      upgradeMode: upgradeModeOf(configuration),
    },
  };
};

/** Without a place for its state, a job begins anew with what the topic holds, and writes the same results again. */
const upgradeModeOf = (configuration: Readonly<Record<string, string>>): string => {
  if (configuration['high-availability.type'] !== undefined) return 'last-state';
  return configuration['execution.checkpointing.savepoint-dir'] === undefined ? 'stateless' : 'savepoint';
};

interface Size {
  readonly cpu?: string | undefined;
  readonly memory?: string | undefined;
}

const resourceOf = (usual: Required<Size>, { cpu, memory }: Size = {}) => ({
  cpu: cpusOf(cpu ?? usual.cpu ?? '1'),
  memory: memory ?? usual.memory,
});

/** The Flink operator wants CPUs as a number. */
const cpusOf = (quantity: string): number =>
  quantity.endsWith('m') ? Number(quantity.slice(0, -1)) / 1000 : Number(quantity);

/** Only the job manager runs the script. */
const jobManagerPodOf = (program: FlinkProgram) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  spec: {
    containers: [
      {
        // The name by which the Flink operator knows its own container.
        name: 'flink-main-container',
        volumeMounts: [{ name: 'script', mountPath: scriptFolder, readOnly: true }],
      },
    ],
    volumes: [{ name: 'script', configMap: { name: configNameOf(program) } }],
  },
});
