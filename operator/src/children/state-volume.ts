import type { Program } from '@groundswell/graph';
import { type Child, metadataOf } from './child.ts';
import { stateNameOf } from './names.ts';
import type { KubernetesObject } from './objects.ts';

const folder = '/var/lib/groundswell';

const volumeOf = (program: Program) => (program.kind === 'window' ? program.volume : undefined);

/** The claim of a window whose state lies on a volume. It goes with its window. */
export const stateClaimOf = (child: Child): readonly KubernetesObject[] => {
  const { program } = child;
  const volume = volumeOf(program);
  if (volume === undefined) return [];
  const { size, storageClassName, accessMode } = volume;
  return [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: metadataOf(child, stateNameOf(program)),
      spec: {
        accessModes: [accessMode],
        ...(storageClassName !== undefined && { storageClassName }),
        resources: { requests: { storage: String(size) } },
      },
    },
  ];
};

/** What the pods have of it. */
export const stateVolumeOf = (program: Program) =>
  volumeOf(program) === undefined
    ? { variables: [], mounts: [], volumes: [] }
    : {
        variables: [{ name: 'STATE_FOLDER', value: folder }],
        mounts: [{ name: 'state', mountPath: folder }],
        volumes: [{ name: 'state', persistentVolumeClaim: { claimName: stateNameOf(program) } }],
      };
