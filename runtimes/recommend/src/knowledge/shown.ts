/** What is kept of an item that was shown to a user. */
export interface Shown {
  /** Event time, ms. */
  readonly at: number;
  /** Of the recommendation. */
  readonly id: string;
  /** Of its scores and its place (`cellOf`), where weights are learned from them. */
  readonly cell: string | undefined;
  /** Whether it was a success already. */
  readonly won: boolean;
}

export const shownText = ({ at, id, cell, won }: Shown): string =>
  `${at}:${id}${cell === undefined ? '' : `@${cell}`}${won ? ':won' : ''}`;

/** Undefined for what somebody else wrote there. */
export const parseShown = (text: string): Shown | undefined => {
  const [, at, id, cell, won] = /^(\d+):([\w-]+)(?:@([^:]+))?(:won)?$/.exec(text) ?? [];
  return at === undefined || id === undefined ? undefined : { at: Number(at), id, cell, won: won !== undefined };
};
