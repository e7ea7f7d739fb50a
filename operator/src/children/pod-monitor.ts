import type { PipelinePlacement } from '@groundswell/graph';
import { partMetadata, pipelineLabel } from './names.ts';
import type { KubernetesObject, Owner } from './objects.ts';

interface MonitorOptions {
  readonly pipeline: PipelinePlacement;
  readonly namespace: string;
  readonly owner: Owner | undefined;
}

/** Tells the Prometheus Operator to read the metrics of all programs of a pipeline. */
export const podMonitorOf = ({
  pipeline: { pipeline, podMonitor },
  namespace,
  owner,
}: MonitorOptions): readonly KubernetesObject[] =>
  !podMonitor
    ? []
    : [
        {
          apiVersion: 'monitoring.coreos.com/v1',
          kind: 'PodMonitor',
          metadata: partMetadata(
            { pipeline, name: 'programs', kind: 'monitor' },
            { name: `${pipeline}-programs`, namespace, owner },
          ),
          spec: {
            selector: { matchLabels: { [pipelineLabel]: pipeline } },
            podTargetLabels: ['groundswell.dev/program'],
            podMetricsEndpoints: [{ port: 'health', path: '/metrics' }],
          },
        },
      ];
