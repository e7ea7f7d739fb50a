/** Where an artifact lies. */
export type ArtifactSource =
  /** A path (relative to the resource's file), or a `file:` URL. */
  | { readonly kind: 'file'; readonly uri: string }
  | { readonly kind: 'http'; readonly url: string }
  | { readonly kind: 's3'; readonly bucket: string; readonly key: string }
  /** A folder in the OCI image layout; the file is the layer whose digest is that of the artifact. */
  | { readonly kind: 'oci'; readonly path: string; readonly tag: string | undefined }
  /** A file on a PersistentVolumeClaim. */
  | { readonly kind: 'claim'; readonly claim: string; readonly path: string }
  | { readonly kind: 'configMap'; readonly name: string; readonly key: string };

const objectName = '[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?';
const [s3, claim, configMap] = [
  /^s3:\/\/([^/]+)\/(.+)$/,
  new RegExp(`^pvc://(${objectName})/(.+)$`),
  new RegExp(`^configmap://(${objectName})/([-._a-zA-Z0-9]+)$`),
];

/** Forms that are understood, for messages. */
export const artifactForms =
  'a path, file:, http(s)://, s3://bucket/key, oci:folder:tag, pvc://claim/path or configmap://name/key';

/** Undefined for what is none of the forms. */
export const artifactSourceOf = (uri: string): ArtifactSource | undefined => {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(uri)?.[1]?.toLowerCase();
  switch (scheme) {
    case undefined:
    case 'file':
      return { kind: 'file', uri };
    case 'http':
    case 'https':
      return URL.canParse(uri) ? { kind: 'http', url: uri } : undefined;
    case 's3': {
      const [, bucket, key] = s3.exec(uri) ?? [];
      return bucket === undefined || key === undefined ? undefined : { kind: 's3', bucket, key };
    }
    case 'oci': {
      const [, path, tag] = /^oci:(?:\/\/(?=\/))?([^:]+)(?::([\w][\w.-]*))?$/.exec(uri) ?? [];
      return path === undefined ? undefined : { kind: 'oci', path, tag };
    }
    case 'pvc': {
      const [, name, path] = claim.exec(uri) ?? [];
      const climbs = path?.split('/').includes('..') === true;
      return name === undefined || path === undefined || climbs ? undefined : { kind: 'claim', claim: name, path };
    }
    case 'configmap': {
      const [, name, key] = configMap.exec(uri) ?? [];
      return name === undefined || key === undefined ? undefined : { kind: 'configMap', name, key };
    }
    default:
      return undefined;
  }
};
