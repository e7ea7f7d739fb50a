/** How values of events become one value of a result. Conditions and values are SQL over columns of an event. */
export interface Folding {
  /** How many events there are, of those that a condition takes. */
  count(condition?: string): string;
  /** Over the values that are there; NULL of none. */
  fold(how: 'SUM' | 'MIN' | 'MAX' | 'AVG', value: string, condition?: string): string;
  /** @throws Error where different values cannot be counted */
  distinct(value: string, condition?: string): string;
}

const filter = (condition: string | undefined): string =>
  condition === undefined ? '' : ` FILTER (WHERE ${condition})`;

/** Aggregate functions of a query that groups rows. */
export const foldingOfGroups: Folding = {
  count: (condition) => `COUNT(*)${filter(condition)}`,
  fold: (how, value, condition) => `${how}(${value})${filter(condition)}`,
  distinct: (value, condition) => `COUNT(DISTINCT ${value})${filter(condition)}`,
};
