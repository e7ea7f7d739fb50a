/** The prime is 2^40 + this. */
const low = 0x1b3;
const [basisHigh, basisLow] = [0xcbf29ce4, 0x84222325] as const;

/** JSON with the members of every object in order of their names, so that equal values give equal text. */
export const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
};

/** FNV-1a, 64 bits, of a value's JSON: 16 hexadecimal digits. Tells changes apart; no protection against forgery. */
export const contentHash = (value: unknown): string => {
  // In halves of 32 bits, whose products are exact: whole resources are hashed, and BigInt takes ten times as long.
  let [hi, lo] = [basisHigh as number, basisLow as number];
  for (const byte of new TextEncoder().encode(canonical(value))) {
    lo = (lo ^ byte) >>> 0;
    const product = lo * low;
    hi = (hi * low + Math.floor(product / 2 ** 32) + lo * 2 ** 8) >>> 0;
    lo = product >>> 0;
  }
  return [hi, lo].map((half) => half.toString(16).padStart(8, '0')).join('');
};
