import { kinds } from '@groundswell/crds';
import { madeTypes } from '../resource-types.ts';

/** As a Role or ClusterRole has it. */
export interface PolicyRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const rule = (apiGroup: string, resources: readonly string[], verbs: readonly string[]): PolicyRule => ({
  apiGroups: [apiGroup],
  resources,
  verbs,
});

const own = kinds.map(({ plural }) => plural);
const childGroups = [...new Set(madeTypes.map(({ group }) => group))];
const childrenOf = (group: string): readonly string[] =>
  madeTypes.filter((type) => type.group === group).map(({ plural }) => plural);

/** What is in topics is not the operator's to delete. */
const verbsFor = (group: string): readonly string[] => [
  ...['get', 'list', 'watch', 'create', 'patch'],
  ...(group === 'kafka.strimzi.io' ? [] : ['delete']),
];

/** What the operator may do in each namespace that it looks after; in all, where it looks after all. A test compares it with what it does. */
export const workRules: readonly PolicyRule[] = [
  rule('groundswell.dev', own, ['list', 'watch']),
  rule(
    'groundswell.dev',
    own.map((plural) => `${plural}/status`),
    ['patch'],
  ),
  // Server-side apply of what is not there yet counts as patch and create.
  ...childGroups.map((group) => rule(group, childrenOf(group), verbsFor(group))),
  rule('', ['pods'], ['list', 'watch']),
  // Of training runs, how they ended.
  rule('batch', ['jobs'], ['list', 'watch']),
  // Names and versions, to know what there is; and what is needed to log in to the Kafka of a pipeline.
  rule('', ['secrets'], ['list', 'watch']),
  rule('events.k8s.io', ['events'], ['create']),
];

/** What it may do in its own namespace: agree with other replicas on one that works. */
export const leaseRules: readonly PolicyRule[] = [rule('coordination.k8s.io', ['leases'], ['get', 'create', 'update'])];
