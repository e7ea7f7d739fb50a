import { SocialEvent } from '@groundswell/wire';

/** An item that can be recommended, as it appeared. */
export interface Item {
  readonly id: string;
  readonly author: string;
  readonly tags: readonly string[];
  readonly event: SocialEvent;
}

export const itemOf = (event: SocialEvent): Item => ({
  id: event.post_id,
  author: event.author_id,
  tags: event.tags ?? [],
  event,
});

/** What was written by another version may not parse: then nobody knows the item. */
export const parseItem = (text: string | undefined): Item | undefined => {
  if (text === undefined) return undefined;
  const parsed = SocialEvent.safeParse(JSON.parse(text));
  return parsed.success ? itemOf(parsed.data) : undefined;
};
