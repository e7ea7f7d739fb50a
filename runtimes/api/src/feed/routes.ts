import { parseId } from '@groundswell/feeds';
import { NewBlock, NewClick, NewFollow, NewPost } from '@groundswell/wire';
import type { Context, Env, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { bodyOf, checked } from '../body.ts';
import { ProblemError } from '../problem.ts';
import { onlyKnown } from '../queries.ts';
import type { FeedDoor } from './feed-door.ts';

/** Larger bodies are refused: a post has at most 64 Ki characters. */
const maxBody = 1_048_576;

/** Posts of one read. */
const maxIds = 100;

const json = (c: Context, value: unknown, status: 200 | 201 = 200): Response =>
  c.json(value as object, status, { 'cache-control': 'no-store' });

const idOf = (text: string): string => {
  if (parseId(text) !== undefined) return text;
  throw new ProblemError(
    400,
    `Cannot use the id "${text.slice(0, 32)}": it is none, a whole number below 2^53 is needed`,
  );
};

const userOf = (c: Context): string => checked(c, z.string().min(1).max(512), c.req.param('user'));

const limitOf = ({ limit = '20' }: Readonly<Record<string, string>>): number => {
  const wanted = /^\d{1,3}$/.test(limit) ? Number(limit) : 0;
  if (wanted >= 1 && wanted <= 100) return wanted;
  throw new ProblemError(400, `Cannot read a timeline: limit is "${limit}", a whole number from 1 to 100 is needed`);
};

export interface FeedRoutes {
  /** Undefined where the pipeline has no Feed. */
  readonly door: () => FeedDoor | undefined;

  /** Answers 503 where the store or the log does not. */
  readonly guarded: <T>(work: () => Promise<T>) => Promise<T>;
}

export const addFeed = <E extends Env>(app: Hono<E>, routes: FeedRoutes): void => {
  const door = (): FeedDoor => {
    const found = routes.door();
    if (found !== undefined) return found;
    throw new ProblemError(404, 'Cannot use posts and timelines: the pipeline has no Feed, one is needed');
  };
  const limited = bodyLimit({
    maxSize: maxBody,
    onError: (c) => {
      throw new ProblemError(413, `Cannot take ${c.req.path}: the body is larger than ${maxBody} bytes`);
    },
  });
  for (const path of ['/v1/posts', '/v1/follows', '/v1/blocks', '/v1/clicks'] as const) app.post(path, limited);
  addPosts(app, door, routes);
  addRelations(app, door, routes);
  addTimelines(app, door, routes);
  addRankings(app, door, routes);
};

type Door = () => FeedDoor;

const addPosts = <E extends Env>(app: Hono<E>, door: Door, { guarded }: FeedRoutes): void => {
  app.post('/v1/posts', async (c) => {
    const { posts } = door();
    const post = await bodyOf(c, NewPost);
    return json(c, await guarded(() => posts.accept(post)), 201);
  });
  app.get('/v1/posts', async (c) => {
    const query = c.req.query();
    onlyKnown(query, '/v1/posts', ['ids']);
    const ids = (query['ids'] ?? '').split(',').filter((id) => id !== '');
    if (ids.length < 1 || ids.length > maxIds)
      throw new ProblemError(400, `Cannot read posts: ids names ${ids.length}, 1 to ${maxIds} of them are needed`);
    const { posts } = door();
    const wanted = ids.map(idOf);
    const found = await guarded(() => posts.read(wanted));
    return json(c, { posts: found.flatMap((one) => (one.kind === 'post' ? [one.post] : [])) });
  });
  app.get('/v1/posts/:id', async (c) => {
    const { posts } = door();
    const id = idOf(c.req.param('id'));
    const [found] = await guarded(() => posts.read([id]));
    if (found?.kind === 'post') return json(c, found.post);
    throw noPost(id, found?.kind === 'deleted' ? 'it was deleted' : 'there is none, it expired or is not saved yet');
  });
  app.delete('/v1/posts/:id', async (c) => {
    const { posts } = door();
    const id = idOf(c.req.param('id'));
    if (await guarded(() => posts.remove(id))) return c.body(null, 204);
    throw noPost(id, 'there is none, it expired or is not saved yet');
  });
  app.post('/v1/clicks', async (c) => {
    const { posts } = door();
    const { user_id, post_id } = await bodyOf(c, NewClick);
    const id = idOf(post_id);
    if (await guarded(() => posts.click(user_id, id))) return c.body(null, 204);
    throw noPost(id, 'there is none, it expired or is not saved yet');
  });
};

const noPost = (id: string, why: string): ProblemError =>
  new ProblemError(404, `Cannot find post ${id}: ${why}, the id of another is needed`);

const addRelations = <E extends Env>(app: Hono<E>, door: Door, { guarded }: FeedRoutes): void => {
  const oneself = (user: string, other: string, verb: string): void => {
    if (user === other)
      throw new ProblemError(400, `Cannot ${verb} "${user}": it is the user itself, another is needed`);
  };
  app.post('/v1/follows', async (c) => {
    const { follows } = door();
    const { user_id, followed_id } = await bodyOf(c, NewFollow);
    oneself(user_id, followed_id, 'follow');
    if ((await guarded(() => follows.follow(user_id, followed_id))) === 'following') return c.body(null, 204);
    throw new ProblemError(403, `Cannot follow "${followed_id}": the account has blocked "${user_id}"`);
  });
  app.delete('/v1/follows', async (c) => {
    const { follows } = door();
    const { user_id, followed_id } = checked(c, NewFollow, c.req.query());
    await guarded(() => follows.unfollow(user_id, followed_id));
    return c.body(null, 204);
  });
  app.post('/v1/blocks', async (c) => {
    const { follows } = door();
    const { user_id, blocked_id } = await bodyOf(c, NewBlock);
    oneself(user_id, blocked_id, 'block');
    await guarded(() => follows.block(user_id, blocked_id));
    return c.body(null, 204);
  });
  app.delete('/v1/blocks', async (c) => {
    const { follows } = door();
    const { user_id, blocked_id } = checked(c, NewBlock, c.req.query());
    await guarded(() => follows.unblock(user_id, blocked_id));
    return c.body(null, 204);
  });
};

const addRankings = <E extends Env>(app: Hono<E>, door: Door, { guarded }: FeedRoutes): void => {
  app.get('/v1/ranked/:user', async (c) => {
    const query = c.req.query();
    onlyKnown(query, '/v1/ranked', ['limit']);
    const { rankings } = door();
    const [user, limit] = [userOf(c), limitOf(query)];
    return json(c, await guarded(() => rankings.read(user, limit)));
  });
};

const addTimelines = <E extends Env>(app: Hono<E>, door: Door, { guarded }: FeedRoutes): void => {
  app.get('/v1/timelines/:user', async (c) => {
    const query = c.req.query();
    onlyKnown(query, '/v1/timelines', ['limit', 'cursor']);
    const { timelines } = door();
    const user = userOf(c);
    const { cursor } = query;
    const before = cursor === undefined ? undefined : Number(idOf(cursor));
    const limit = limitOf(query);
    return json(c, await guarded(() => timelines.read(user, { limit, before })));
  });
};
