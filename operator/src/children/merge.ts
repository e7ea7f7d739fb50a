/** JSON, as objects of Kubernetes are made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Members = { readonly [key: string]: Json };

/** Lists of a pod whose entries are told apart by a field: `patchMergeKey` of the Kubernetes API. */
const keys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  volumes: 'name',
  env: 'name',
  imagePullSecrets: 'name',
  resourceClaims: 'name',
  ports: 'containerPort',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
};

/** The one member of these counts: another one takes the place of the whole. */
const unions = new Set(['livenessProbe', 'readinessProbe', 'startupProbe', 'valueFrom']);

const isMembers = (value: Json | undefined): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc'];

/**
 * Merges strategically, as `kubectl patch` does for pods: members one by one, `null` removes, lists with a key entry by entry in our
 * order with new ones behind, other lists as a whole. Merging the same again changes nothing.
 */
export const mergeStrategically = (base: Json, over: Json, name = ''): Json => {
  if (Array.isArray(base) && Array.isArray(over)) return mergeLists(base, over, keys[name]);
  if (!isMembers(base) || !isMembers(over)) return withoutNulls(over);
  const kept = unions.has(name) ? withoutOther(base, over) : base;
  const merged: Record<string, Json> = { ...kept };
  for (const [key, value] of Object.entries(over)) {
    if (value === null) delete merged[key];
    else merged[key] = kept[key] === undefined ? withoutNulls(value) : mergeStrategically(kept[key], value, key);
  }
  return merged;
};

const mergeLists = (base: readonly Json[], over: readonly Json[], key: string | undefined): Json => {
  const idOf = (entry: Json): Json | undefined => (key !== undefined && isMembers(entry) ? entry[key] : undefined);
  if (key === undefined || over.some((entry) => idOf(entry) === undefined)) return over.map(withoutNulls);
  const changed = base.map((entry) => {
    const change = over.find((other) => idOf(other) === idOf(entry));
    return change === undefined ? entry : mergeStrategically(entry, change);
  });
  const known = new Set(base.map(idOf));
  return [...changed, ...over.filter((entry) => !known.has(idOf(entry))).map(withoutNulls)];
};

/** A probe of one way has nothing of another; nor has a variable of one source. */
const withoutOther = (base: Members, over: Members): Members => {
  const isChoice = (key: string): boolean => handlers.includes(key) || /(Ref|Field)$/.test(key);
  if (!Object.keys(over).some((key) => isChoice(key) && base[key] === undefined)) return base;
  return Object.fromEntries(Object.entries(base).filter(([key]) => !isChoice(key)));
};

const withoutNulls = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isMembers(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => (member === null ? [] : [[key, withoutNulls(member)]])),
  );
};
