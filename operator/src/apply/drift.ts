const isMembers = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fields by which the API server tells the entries of a list apart, the first that an entry has. */
const listKeys = ['name', 'uid', 'containerPort', 'port', 'mountPath', 'topologyKey', 'key', 'ip', 'type'];

/**
 * Whether everything that is wanted stands there. What others have added does not count: of objects, more members; of lists with
 * keys, more entries.
 */
export const isContained = (wanted: unknown, live: unknown): boolean => {
  if (Array.isArray(wanted)) return Array.isArray(live) && isListContained(wanted, live);
  if (isMembers(wanted)) {
    // The API server leaves out what is empty.
    if (!isMembers(live)) return live === undefined && Object.keys(wanted).length === 0;
    return Object.entries(wanted).every(([key, value]) => value === undefined || isContained(value, live[key]));
  }
  return wanted === live;
};

const isListContained = (wanted: readonly unknown[], live: readonly unknown[]): boolean => {
  const members = wanted.filter(isMembers);
  const key =
    members.length === wanted.length
      ? listKeys.find((candidate) => members.every((value) => Object.hasOwn(value, candidate)))
      : undefined;
  if (members.length === 0 || key === undefined)
    return wanted.length === live.length && wanted.every((value, i) => isContained(value, live[i]));
  return members.every((value) =>
    live.some((other) => isMembers(other) && value[key] === other[key] && isContained(value, other)),
  );
};

/** The part of a live object that a wanted one speaks of, for telling whether it changed. */
export const spokenOf = (wanted: unknown, live: unknown): unknown => {
  if (Array.isArray(wanted)) return live;
  if (!isMembers(wanted) || !isMembers(live)) return live;
  return Object.fromEntries(Object.keys(wanted).map((key) => [key, spokenOf(wanted[key], live[key])]));
};
