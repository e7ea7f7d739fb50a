import { SocialEvent } from '@groundswell/wire';

/** An item that can be recommended, as it appeared. */
export interface Item {
  readonly id: string;
  readonly author: string;
  readonly tags: readonly string[];
  /** Its tags are a list, if an empty one: conditions ask for them. */
  readonly event: SocialEvent & { readonly tags: readonly string[] };
}

export const itemOf = (event: SocialEvent): Item => {
  const { post_id: id, author_id: author, tags = [] } = event;
  return { id, author, tags, event: { ...event, tags } };
};

/** What was written by another version may not parse: then nobody knows the item. */
export const parseItem = (text: string | undefined): Item | undefined => {
  if (text === undefined) return undefined;
  const parsed = SocialEvent.safeParse(JSON.parse(text));
  return parsed.success ? itemOf(parsed.data) : undefined;
};
