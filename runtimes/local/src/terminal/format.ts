const units: readonly (readonly [number, string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1_000, 's'],
];

/** `3h`, `12m`, `45s`: the largest whole unit. */
export const formatAge = (ms: number): string => {
  const [size, unit] = units.find(([from]) => ms >= from) ?? [1_000, 's'];
  return `${Math.floor(ms / size)}${unit}`;
};

/** `950`, `1.2k`, `34k`, `1.5M`. */
export const formatCount = (count: number): string => {
  if (count < 1_000) return String(Math.round(count));
  const [value, unit] = count < 1_000_000 ? [count / 1_000, 'k'] : [count / 1_000_000, 'M'];
  return `${value < 10 ? value.toFixed(1) : Math.round(value)}${unit}`;
};

/** `12,345`, the same on every machine. */
export const formatInteger = (count: number): string => String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');

export const formatTime = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** Cut to `width` characters, with an ellipsis where something is missing; padded to it otherwise. */
export const fit = (text: string, width: number): string => {
  const characters = [...text.replace(/\s+/g, ' ')];
  return characters.length <= width
    ? characters.join('') + ' '.repeat(width - characters.length)
    : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`;
};
