export interface Place {
  readonly row: number;
  readonly hour: number;
}

const steps: Readonly<Record<string, Place>> = {
  ArrowUp: { row: -1, hour: 0 },
  ArrowDown: { row: 1, hour: 0 },
  ArrowLeft: { row: 0, hour: -1 },
  ArrowRight: { row: 0, hour: 1 },
  Home: { row: 0, hour: -24 },
  End: { row: 0, hour: 24 },
};

const within = (value: number, most: number): number => Math.min(most, Math.max(0, value));

/** Where a key leads in a grid of 24 hours by `rows` days; undefined for keys that lead nowhere. */
export const moveOf = (key: string, from: Place, rows: number): Place | undefined => {
  const step = steps[key];
  return step && { row: within(from.row + step.row, rows - 1), hour: within(from.hour + step.hour, 23) };
};
