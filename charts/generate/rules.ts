/** A rule of a Role or ClusterRole, as Kubernetes has it. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const rule = (apiGroups: readonly string[], resources: readonly string[], verbs: readonly string[]): PolicyRule => ({
  apiGroups,
  resources,
  verbs,
});

const read = ['get', 'list', 'watch'];
/** Server-side apply of one that is new is a create and a patch. */
const own = [...read, 'create', 'patch', 'delete'];
const kinds = ['viralitypipelines', 'featurewindows', 'scoringmodels', 'feeds', 'recommenders'];

/** In every namespace whose resources are taken. */
export const workRules: readonly PolicyRule[] = [
  rule(['groundswell.dev'], kinds, read),
  rule(
    ['groundswell.dev'],
    kinds.map((kind) => `${kind}/status`),
    ['patch'],
  ),
  // Connections and keys are only read, never written.
  rule([''], ['secrets', 'pods'], read),
  rule([''], ['configmaps', 'services', 'serviceaccounts', 'persistentvolumeclaims'], own),
  rule(['apps'], ['deployments', 'statefulsets'], own),
  rule(['batch'], ['cronjobs', 'jobs'], own),
  rule(['policy'], ['poddisruptionbudgets'], own),
  rule(['networking.k8s.io'], ['networkpolicies', 'ingresses'], own),
  rule(['autoscaling'], ['horizontalpodautoscalers'], own),
  // A program watches the one ConfigMap that is its own.
  rule(['rbac.authorization.k8s.io'], ['roles', 'rolebindings'], own),
  rule(['monitoring.coreos.com'], ['podmonitors', 'servicemonitors'], own),
  rule(['keda.sh'], ['scaledobjects'], own),
  rule(['flink.apache.org'], ['flinkdeployments'], own),
  rule(['kafka.strimzi.io'], ['kafkatopics'], own),
  rule(['events.k8s.io'], ['events'], ['create', 'patch']),
];

/** In the namespace of the operator itself. */
export const leaderRules: readonly PolicyRule[] = [
  rule(['coordination.k8s.io'], ['leases'], ['get', 'create', 'patch', 'update']),
];

/** For the ClusterRoles that people have in a namespace, by aggregation. */
export const peopleRules = {
  view: [rule(['groundswell.dev'], kinds, read)],
  edit: [
    rule(['groundswell.dev'], kinds, [...read, 'create', 'update', 'patch', 'delete', 'deletecollection']),
    rule(
      ['groundswell.dev'],
      kinds.filter((kind) => kind !== 'viralitypipelines').map((kind) => `${kind}/scale`),
      ['get', 'update', 'patch'],
    ),
  ],
} as const;
