/** An item with what it is about. */
export interface Tagged {
  readonly id: string;
  readonly tags: readonly string[];
}

/**
 * Items by how many of the tags that a user named they have; of those with as many, the one with fewer other tags, then as
 * they came. Without a common tag an item is left out.
 */
export const byInterests = <T extends Tagged>(items: readonly T[], tags: ReadonlySet<string>): readonly T[] =>
  items
    .map((item, place) => ({ item, place, common: item.tags.filter((tag) => tags.has(tag)).length }))
    .filter(({ common }) => common > 0)
    .sort((a, b) => b.common - a.common || a.item.tags.length - b.item.tags.length || a.place - b.place)
    .map(({ item }) => item);
