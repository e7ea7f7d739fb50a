/** Where a Recommender keeps what it has seen, in the key-value store. */
export const recommendKeysOf = (pipeline: string, recommender: string) => {
  const under = `gs:${pipeline}:recommend:${recommender}`;
  return {
    /** Hash: `event`, the event that the item appeared with (SocialEvent as JSON). */
    item: (id: string) => `${under}:item:${id}`,
    /** Sorted set: items that are still new, by when they appeared, event time in ms. */
    fresh: `${under}:fresh`,
    /** Counters of an item that is still new. */
    impressions: (id: string) => `${under}:impressions:${id}`,
    successes: (id: string) => `${under}:successes:${id}`,
    /** Sorted set: items that have a tag, by when they appeared. */
    tagged: (tag: string) => `${under}:tagged:${tag}`,
    /** Counter: what a user has done. */
    actions: (user: string) => `${under}:actions:${user}`,
    /** Hash: `acted`, wall time of the newest action in ms; `interests`, tags that the user named (JSON). */
    user: (user: string) => `${under}:user:${user}`,
    /** Sorted set: the newest items that a user acted on, by when, event time in ms. */
    acted: (user: string) => `${under}:acted:${user}`,
    /** Sorted set: the newest items that a user took (a success of `feedback`), by when, event time in ms. */
    taken: (user: string) => `${under}:taken:${user}`,
    /** Counter: how many users took an item. */
    takers: (id: string) => `${under}:takers:${id}`,
    /** Sorted set: items that were taken by users who took this one, by how many. */
    together: (id: string) => `${under}:together:${id}`,
    /** Sorted sets: cells of what was shown in a span of time, and of what of it was a success, by how often. */
    cellsShown: (span: number) => `${under}:cells-shown:${span}`,
    cellsWon: (span: number) => `${under}:cells-won:${span}`,
    /** Hash: item → `⟨event time in ms⟩:⟨id of the recommendation⟩`, `@⟨cell⟩` behind it where weights are learned, and `:won` once it was a success. */
    shown: (user: string) => `${under}:shown:${user}`,
  };
};
