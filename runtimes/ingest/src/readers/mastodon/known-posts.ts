/** What a delete or a reply, which name a post by its id on the instance, have to know of it. */
export interface KnownPost {
  readonly uri: string;
  /** Root of its thread. */
  readonly root: string;
  /** Author of the root. */
  readonly author: string;
}

export type SavedPosts = readonly (readonly [id: string, uri: string, root: string, author: string])[];

const mostKnown = 100_000;
const mostSaved = 5_000;

/** Posts of late, by instance and id; the oldest are forgotten first. */
export const createKnownPosts = (saved: SavedPosts = []) => {
  const posts = new Map<string, KnownPost>(saved.map(([id, uri, root, author]) => [id, { uri, root, author }]));
  return {
    get: (id: string): KnownPost | undefined => posts.get(id),
    add: (id: string, post: KnownPost): void => {
      posts.set(id, post);
      if (posts.size > mostKnown) posts.delete(posts.keys().next().value as string);
    },
    saved: (): SavedPosts =>
      [...posts].slice(-mostSaved).map(([id, { uri, root, author }]) => [id, uri, root, author] as const),
  };
};
export type KnownPosts = ReturnType<typeof createKnownPosts>;
