/** What is kept of an item that was shown to a user. */
export interface Shown {
  /** Event time, ms. */
  readonly at: number;
  /** Of the recommendation. */
  readonly id: string;
  /** Whether it was a success already. */
  readonly won: boolean;
}

export const shownText = ({ at, id, won }: Shown): string => `${at}:${id}${won ? ':won' : ''}`;

/** Undefined for what somebody else wrote there. */
export const parseShown = (text: string): Shown | undefined => {
  const [, at, id, won] = /^(\d+):([\w-]+)(:won)?$/.exec(text) ?? [];
  return at === undefined || id === undefined ? undefined : { at: Number(at), id, won: won !== undefined };
};
