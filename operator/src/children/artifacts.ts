import { artifactSourceOf, type Program, type ScorerProgram, type TrainerProgram } from '@groundswell/graph';

/** Where scorers and trainers look for claims, ConfigMaps and Secrets of artifacts. */
const artifactsFolder = '/etc/groundswell-artifacts';

const pathOf = (kind: 'claims' | 'configmaps' | 'secrets', name: string): string =>
  `${artifactsFolder}/${kind}/${name}`;

/** Where a claim is mounted. */
export const claimPathOf = (claim: string): string => pathOf('claims', claim);

interface ArtifactVolume {
  readonly volume: { readonly name: string } & Readonly<Record<string, unknown>>;
  readonly mount: { readonly name: string; readonly mountPath: string; readonly readOnly: true };
}

const kinds = {
  claims: (claimName: string, isWritten: boolean) => ({
    persistentVolumeClaim: { claimName, ...(!isWritten && { readOnly: true }) },
  }),
  configmaps: (name: string) => ({ configMap: { name } }),
  // A pod starts without it, and says in status what is missing.
  secrets: (secretName: string) => ({ secret: { secretName, optional: true } }),
} as const;

type Artifact = ScorerProgram['variants'][number]['artifact'];

const artifactsOf = (program: Program): readonly Artifact[] => {
  if (program.kind === 'scorer') return program.variants.map(({ artifact }) => artifact);
  return program.kind === 'trainer' && program.champion !== undefined ? [program.champion.artifact] : [];
};

type Publish = TrainerProgram['publish'];

/** Where models are published. A scorer has it before the first proposal: what is mounted later needs a new pod. */
const publishedBy = (program: Program, siblings: readonly Program[]): readonly Publish[] => {
  if (program.kind === 'trainer') return [program.publish];
  if (program.kind !== 'scorer') return [];
  return siblings.flatMap((other) =>
    other.kind === 'trainer' && other.model === program.model && other.publish.proposeAs !== undefined
      ? [other.publish]
      : [],
  );
};

const urisOf = (program: Program): readonly string[] =>
  artifactsOf(program).flatMap(({ uri, signature, explainer }) =>
    [uri, signature?.uri, explainer?.uri].flatMap((each) => each ?? []),
  );

/** What the artifacts of a program need in its pod; the same for equal programs of equal pipelines. */
export const artifactVolumesOf = (program: Program, siblings: readonly Program[]): readonly ArtifactVolume[] => {
  const sources = urisOf(program).map(artifactSourceOf);
  const places = publishedBy(program, siblings);
  const published = places.flatMap(({ claim }) => claim ?? []);
  const wanted = {
    claims: [...sources.flatMap((source) => (source?.kind === 'claim' ? [source.claim] : [])), ...published],
    configmaps: sources.flatMap((source) => (source?.kind === 'configMap' ? [source.name] : [])),
    secrets: [
      ...artifactsOf(program).flatMap(({ secret, signature }) =>
        [secret, signature?.publicKey.secret].flatMap((each) => each ?? []),
      ),
      ...places.flatMap(({ s3 }) => s3?.secret ?? []),
    ],
  };
  return (['claims', 'configmaps', 'secrets'] as const).flatMap((kind) =>
    [...new Set(wanted[kind])].sort().map((of, i) => {
      const name = `artifact-${kind}-${i}`;
      return {
        volume: { name, ...kinds[kind](of, program.kind === 'trainer' && published.includes(of)) },
        mount: { name, mountPath: pathOf(kind, of), readOnly: true as const },
      };
    }),
  );
};

export const urlPortOf = (url: string): number => {
  const { port, protocol } = new URL(url);
  return port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port);
};

/** Ports of the stores that a program downloads from. */
export const artifactPortsOf = (program: Program): readonly number[] => {
  const stores = artifactsOf(program).flatMap(({ endpoint }) => (endpoint === undefined ? [] : [urlPortOf(endpoint)]));
  const files = urisOf(program).flatMap((uri) => {
    const source = artifactSourceOf(uri);
    if (source?.kind === 'http') return [urlPortOf(source.url)];
    return source?.kind === 's3' && stores.length === 0 ? [443] : [];
  });
  return [...new Set([...stores, ...files])];
};
