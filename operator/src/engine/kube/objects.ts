/** Metadata of an object as the API server gives it. */
interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly OwnerReference[];
}

interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller?: boolean;
  readonly blockOwnerDeletion?: boolean;
}

/** Any object, as the API server gives it. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** A resource of the API: what stands in paths, and how its objects call themselves. */
export interface ResourceType {
  /** Empty for the core. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
}

export const apiVersionOf = ({ group, version }: ResourceType): string =>
  group === '' ? version : `${group}/${version}`;

/** Names a type among all: `deployments.apps`, `pods`. */
export const typeName = ({ group, plural }: ResourceType): string => (group === '' ? plural : `${plural}.${group}`);

interface Place {
  /** Absent: all namespaces. */
  readonly namespace?: string | undefined;
  readonly name?: string;
  readonly subresource?: string;
}

export const pathOf = (type: ResourceType, { namespace, name, subresource }: Place): string =>
  [
    type.group === '' ? '/api' : `/apis/${type.group}`,
    type.version,
    ...(namespace === undefined ? [] : ['namespaces', namespace]),
    type.plural,
    ...(name === undefined ? [] : [name]),
    ...(subresource === undefined ? [] : [subresource]),
  ].join('/');
