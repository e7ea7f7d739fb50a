import type { SocialEvent } from '@groundswell/wire';
import type { Delivery } from './delivery.ts';
import { createMember } from './people.ts';
import type { Post } from './post.ts';
import { createRandom, seedOf } from './random.ts';
import { comments } from './words.ts';

export interface EventWorld {
  readonly seed: number;
  readonly startAt: number;
  /** Name of the source. */
  readonly source: string;
}

const dayMs = 86_400_000;
const salt = 8;

/** The name of the event of an action: what its repeats share. */
const eventIdOf = (post: Post, number: number): string =>
  number === 0 ? post.id : `${post.id}.${number.toString(36)}`;

/**
 * A delivery as an event; it is built when it arrives, for most of what is on its way would only fill memory. Events of all
 * kinds have their fields in one order, absent ones as well: so what reads them is compiled for one shape of object.
 */
export const eventOf = (world: EventWorld, delivery: Delivery): SocialEvent => {
  const { arrivesAt, post, kind, number, at } = delivery;
  const isOwn = kind === 'post' || kind === 'delete';
  const member = isOwn ? undefined : createMember(world.seed, delivery.member, world.startAt);
  const isComment = kind === 'quote' || kind === 'reply';
  const content = kind === 'post' ? contentOf(world, post) : undefined;
  return {
    id: eventIdOf(post, number),
    type: kind,
    at,
    ingested_at: arrivesAt,
    source: world.source,
    post_id: kind === 'follow' ? '' : post.id,
    posted_at: kind === 'follow' ? undefined : post.at,
    user_id: member === undefined ? post.author.id : member.id,
    author_id: post.author.id,
    user: content?.user ?? member?.profile,
    parent_id: isOwn || delivery.parent === 0 ? undefined : eventIdOf(post, delivery.parent),
    text: isComment ? commentOf(post, number) : content?.text,
    lang: isComment ? 'en' : content?.lang,
    tags: content?.tags,
    links: content?.links,
    media: content?.media,
    mentions: content?.mentions,
  };
};

const commentOf = (post: Post, number: number): string => createRandom(seedOf(post.seed, salt, number)).pick(comments);

const contentOf = (world: EventWorld, post: Post) => ({
  // Accounts go on posting: about three a day.
  user: {
    ...post.author.profile,
    posts: (post.author.profile.posts ?? 0) + Math.floor((3 * (post.at - world.startAt)) / dayMs),
  },
  text: post.text,
  lang: post.author.lang,
  tags: [...post.tags],
  links: post.links,
  media: post.media,
  mentions: post.mentions,
});
