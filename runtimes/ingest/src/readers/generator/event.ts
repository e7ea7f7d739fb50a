import type { SocialEvent } from '@groundswell/wire';
import type { Action } from './cascade.ts';
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

/** A delivery as an event; it is built when it arrives, for most of what is on its way would only fill memory. */
export const eventOf = (world: EventWorld, delivery: Delivery): SocialEvent => {
  const { arrivesAt, post, action } = delivery;
  if (action.kind !== 'post' && action.kind !== 'delete' && action.kind !== 'follow')
    return reactionOf(world, delivery);
  const { id: author_id } = post.author;
  const shared = {
    id: eventIdOf(post, action.number),
    type: action.kind,
    at: action.at,
    ingested_at: arrivesAt,
    source: world.source,
    ...(action.kind === 'follow' ? { post_id: '' } : { post_id: post.id, posted_at: post.at }),
  };
  if (action.kind === 'post') return { ...shared, user_id: author_id, author_id, ...contentOf(world, post) };
  if (action.kind === 'delete') return { ...shared, user_id: author_id, author_id };
  const member = createMember(world.seed, action.member, world.startAt);
  const parent = action.parent === 0 ? {} : { parent_id: eventIdOf(post, action.parent) };
  return { ...shared, user_id: member.id, author_id, user: member.profile, ...parent };
};

/** Nearly all events are of these, so it makes one object and no copies. */
const reactionOf = (world: EventWorld, { arrivesAt, post, action }: Delivery): SocialEvent => {
  const member = createMember(world.seed, action.member, world.startAt);
  const event: SocialEvent = {
    id: eventIdOf(post, action.number),
    type: action.kind,
    at: action.at,
    ingested_at: arrivesAt,
    source: world.source,
    post_id: post.id,
    posted_at: post.at,
    user_id: member.id,
    author_id: post.author.id,
    user: member.profile,
  };
  if (action.parent !== 0) event.parent_id = eventIdOf(post, action.parent);
  if (action.kind !== 'quote' && action.kind !== 'reply') return event;
  event.text = commentOf(post, action);
  event.lang = 'en';
  return event;
};

const commentOf = (post: Post, { number }: Action): string =>
  createRandom(seedOf(post.seed, salt, number)).pick(comments);

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
