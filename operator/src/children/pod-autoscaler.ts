import type { Autoscaling } from '@groundswell/graph';
import { type Child, metadataOf } from './child.ts';
import { nameOf } from './names.ts';
import type { KubernetesObject } from './objects.ts';

/** Whether a HorizontalPodAutoscaler (that of KEDA, too) has the number of pods: then nobody else says it, but that there are none. */
export const isScaledByOther = ({ placement: { autoscaling, suspended } }: Pick<Child, 'placement'>): boolean =>
  autoscaling !== undefined && autoscaling.by !== 'Operator' && !suspended;

/** How far it may go in one direction. Pods at a time are counted a minute. */
export const behaviorOf = ({ stabilizationMs, maxStep }: Autoscaling['up']) => ({
  stabilizationWindowSeconds: Math.min(3_600, Math.round(stabilizationMs / 1_000)),
  ...(maxStep !== undefined && { policies: [{ type: 'Pods', value: maxStep, periodSeconds: 60 }] }),
});

/** Where Kubernetes scales, and by what it knows: the CPU that pods use, as a share of what was set aside for them. */
export const podAutoscalerOf = (child: Child): readonly KubernetesObject[] => {
  const { autoscaling } = child.placement;
  if (autoscaling?.by !== 'HPA') return [];
  const { min, max, utilization, up, down } = autoscaling;
  const averageUtilization = Math.round(utilization * 100);
  return [
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: metadataOf(child),
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: nameOf(child.program) },
        minReplicas: min,
        maxReplicas: max,
        metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } }],
        behavior: { scaleUp: behaviorOf(up), scaleDown: behaviorOf(down) },
      },
    },
  ];
};
