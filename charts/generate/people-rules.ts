import { kinds } from '@groundswell/crds';
import type { PolicyRule } from '@groundswell/operator/access';

const all = kinds.map(({ plural }) => plural);
const scaling = kinds.filter(({ scales }) => scales).map(({ plural }) => `${plural}/scale`);

const rule = (resources: readonly string[], verbs: readonly string[]): PolicyRule => ({
  apiGroups: ['groundswell.dev'],
  resources,
  verbs,
});

const read = ['get', 'list', 'watch'];

/** For the ClusterRoles that people have in a namespace, by aggregation. */
export const peopleRules: Readonly<Record<'view' | 'edit', readonly PolicyRule[]>> = {
  view: [rule(all, read)],
  edit: [
    rule(all, [...read, 'create', 'update', 'patch', 'delete', 'deletecollection']),
    rule(scaling, ['get', 'update', 'patch']),
  ],
};
