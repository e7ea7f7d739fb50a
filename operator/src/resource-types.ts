import { group, kinds, version } from '@groundswell/crds';
import type { ResourceType } from './engine/kube/objects.ts';

/** Our own kinds, by their name. */
export const ownTypes: ReadonlyMap<string, ResourceType> = new Map(
  kinds.map(({ kind, plural }) => [kind, { group, version, plural, kind }]),
);

const type = (apiVersion: string, kind: string, plural: string): ResourceType => {
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return { group, version, plural, kind };
};

/** What the operator makes, in every cluster. */
export const childTypes: readonly ResourceType[] = [
  type('v1', 'ServiceAccount', 'serviceaccounts'),
  type('v1', 'ConfigMap', 'configmaps'),
  type('rbac.authorization.k8s.io/v1', 'Role', 'roles'),
  type('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings'),
  type('v1', 'Service', 'services'),
  type('v1', 'PersistentVolumeClaim', 'persistentvolumeclaims'),
  type('apps/v1', 'Deployment', 'deployments'),
  type('apps/v1', 'StatefulSet', 'statefulsets'),
  type('batch/v1', 'CronJob', 'cronjobs'),
  type('autoscaling/v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'),
  type('policy/v1', 'PodDisruptionBudget', 'poddisruptionbudgets'),
  type('networking.k8s.io/v1', 'NetworkPolicy', 'networkpolicies'),
  type('networking.k8s.io/v1', 'Ingress', 'ingresses'),
];

/** What is made only where somebody has installed its API, which may be at any time. */
export const optionalTypes: readonly ResourceType[] = [
  type('monitoring.coreos.com/v1', 'PodMonitor', 'podmonitors'),
  type('flink.apache.org/v1beta1', 'FlinkDeployment', 'flinkdeployments'),
  type('keda.sh/v1alpha1', 'TriggerAuthentication', 'triggerauthentications'),
  type('keda.sh/v1alpha1', 'ScaledObject', 'scaledobjects'),
  type('kafka.strimzi.io/v1beta2', 'KafkaTopic', 'kafkatopics'),
];

/** All that the operator makes anywhere. */
export const madeTypes: readonly ResourceType[] = [...childTypes, ...optionalTypes];

/** What CronJobs make. */
export const jobType = type('batch/v1', 'Job', 'jobs');
export const podType = type('v1', 'Pod', 'pods');
export const secretType = type('v1', 'Secret', 'secrets');
export const eventType = type('events.k8s.io/v1', 'Event', 'events');

/** @throws Error for a kind that the operator does not make */
export const typeOf = ({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): ResourceType => {
  const found = madeTypes.find((known) => known.kind === kind);
  if (found === undefined)
    throw new Error(`Cannot find the path of ${apiVersion} ${kind}: it is no kind that is made here`);
  return found;
};
