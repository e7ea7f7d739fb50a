const prime = 0x100000001b3n;
const basis = 0xcbf29ce484222325n;

/** JSON with the members of every object in order of their names, so that equal values give equal text. */
const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
};

/** FNV-1a, 64 bits, of a value's JSON: 16 hexadecimal digits. Tells changes apart; no protection against forgery. */
export const contentHash = (value: unknown): string => {
  let hash = basis;
  for (const byte of new TextEncoder().encode(canonical(value))) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * prime);
  }
  return hash.toString(16).padStart(16, '0');
};
