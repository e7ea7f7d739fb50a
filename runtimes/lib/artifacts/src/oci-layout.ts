import { resolve } from 'node:path';
import { z } from 'zod';
import { FetchError, readLocal, shown } from './access.ts';

/** The parts of the OCI image layout (opencontainers/image-spec 1.1) that lead to a file. */
const Descriptor = z.object({
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  annotations: z.record(z.string(), z.string()).optional(),
});
const Index = z.object({ manifests: z.array(Descriptor) });
const Manifest = z.object({ layers: z.array(Descriptor) });

const tagAnnotation = 'org.opencontainers.image.ref.name';

export interface OciFile {
  readonly uri: string;
  readonly folder: string;
  readonly tag: string | undefined;
  /** Hex; the layer that is wanted. */
  readonly sha256: string;
}

/** The layer of a tag with a digest, as ORAS and others store files: as they are. @throws FetchError */
export const readOciLayout = async ({ uri, folder, tag, sha256 }: OciFile): Promise<Uint8Array> => {
  const blob = (digest: string): Promise<Uint8Array> =>
    readLocal(resolve(folder, 'blobs', 'sha256', digest.replace('sha256:', '')), uri);
  const index = parsed(Index, await readLocal(resolve(folder, 'index.json'), uri), uri);
  const tagged = index.manifests.filter(({ annotations }) => tag === undefined || annotations?.[tagAnnotation] === tag);
  const [manifest] = tagged;
  if (manifest === undefined || tagged.length > 1)
    throw new FetchError(`${shown(uri)} names ${tagged.length} manifests of the layout, one is needed`, {
      isTransient: true,
    });
  const { layers } = parsed(Manifest, await blob(manifest.digest), uri);
  if (layers.some(({ digest }) => digest === `sha256:${sha256}`)) return blob(sha256);
  throw new FetchError(`${shown(uri)} has no layer with the sha256 ${sha256}, one is needed`, { isTransient: true });
};

const parsed = <T>(schema: z.ZodType<T>, bytes: Uint8Array, uri: string): T => {
  try {
    return schema.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch (cause) {
    throw new FetchError(`${shown(uri)} is no image layout of OCI, one is needed`, { isTransient: true, cause });
  }
};
