import type { SocialEvent } from '@groundswell/wire';

/** Past this, the oldest is given up, so that a stream of events of unknown posts cannot fill the memory. */
const maxHeld = 20_000;

/**
 * Events whose post has not come yet: within the allowed disorder a repost may overtake its post. Once the watermark has
 * reached an event, its post would have come too.
 */
export interface EarlyEvents {
  hold(event: SocialEvent): void;
  /** Takes out what is held of a post, in the order in which it came. */
  take(postId: string): readonly SocialEvent[];
  expire(watermark: number): void;
  snapshot(): readonly SocialEvent[];
}

export const createEarlyEvents = (from: readonly SocialEvent[] = []): EarlyEvents => {
  const byPost = new Map<string, SocialEvent[]>();
  let queue: SocialEvent[] = [];
  let head = 0;

  const dropFirst = (): void => {
    const event = queue[head++];
    if (event === undefined) return;
    const held = byPost.get(event.post_id);
    if (held?.[0] === event) held.shift();
    if (held?.length === 0) byPost.delete(event.post_id);
    if (head > 1024 && head * 2 > queue.length) {
      queue = queue.slice(head);
      head = 0;
    }
  };
  const hold = (event: SocialEvent): void => {
    const held = byPost.get(event.post_id);
    if (held === undefined) byPost.set(event.post_id, [event]);
    else held.push(event);
    queue.push(event);
    if (queue.length - head > maxHeld) dropFirst();
  };
  for (const event of from) hold(event);
  return {
    hold,
    take: (postId) => {
      const held = byPost.get(postId) ?? [];
      byPost.delete(postId);
      return held;
    },
    expire: (watermark) => {
      for (let first = queue[head]; first !== undefined && first.at <= watermark; first = queue[head]) dropFirst();
    },
    snapshot: () => queue.slice(head).filter((event) => byPost.get(event.post_id)?.includes(event) === true),
  };
};
