import type { ScoringModel } from '@groundswell/crds';
import type { Path } from '../problem.ts';
import { artifactForms, artifactSourceOf } from '../programs/artifact-source.ts';
import type { Variant } from '../programs/index.ts';
import type { ModelReading } from './context.ts';

type Written = ScoringModel['spec']['variants'][number]['artifact'];

/** Forms that only a cluster has. */
const inCluster = { claim: 'a PersistentVolumeClaim', configMap: 'a ConfigMap' } as const;

const checkUri = (reading: ModelReading, uri: string, path: Path): void => {
  const source = artifactSourceOf(uri);
  const shown = JSON.stringify(uri);
  if (source === undefined)
    reading.refuse(path, `Cannot load ${shown}: it is none of the forms, ${artifactForms} is needed`);
  else if (reading.target === 'local' && (source.kind === 'claim' || source.kind === 'configMap'))
    reading.refuse(path, `Cannot load ${shown} here: ${inCluster[source.kind]} is in a cluster, a path is needed`);
  else if (reading.target === 'cluster' && source.kind === 'file')
    reading.warn(path, `Cannot bring ${shown} into a cluster: pods find only files of their image or volumes`);
};

/** What is loaded, from where, and what it takes to get it. */
export const compileArtifact = (reading: ModelReading, written: Written, path: Path): Variant['artifact'] => {
  const { uri, sha256, secretRef, endpoint, region, signature, explainer } = written;
  checkUri(reading, uri, [...path, 'uri']);
  if (signature?.uri !== undefined) checkUri(reading, signature.uri, [...path, 'signature', 'uri']);
  if (explainer !== undefined) checkUri(reading, explainer.uri, [...path, 'explainer', 'uri']);
  if (signature !== undefined && signature.uri === undefined && artifactSourceOf(uri)?.kind === 'oci')
    reading.refuse(
      [...path, 'signature'],
      'Cannot find the signature: a layout has no place beside a file, write its uri',
    );
  if (artifactSourceOf(uri)?.kind !== 's3')
    for (const [field, value] of Object.entries({ endpoint, region }))
      if (value !== undefined)
        reading.refuse([...path, field], `Cannot use ${JSON.stringify(field)}: only s3: has it, remove it`);
  return {
    ...{ uri, sha256 },
    ...(secretRef !== undefined && { secret: secretRef.name }),
    ...(endpoint !== undefined && { endpoint }),
    ...(region !== undefined && { region }),
    ...(signature !== undefined && {
      signature: {
        publicKey: { secret: signature.publicKeyRef.name, key: signature.publicKeyRef.key },
        uri: signature.uri ?? `${uri}.sig`,
      },
    }),
    ...(explainer !== undefined && { explainer: { uri: explainer.uri, sha256: explainer.sha256 } }),
  };
};
