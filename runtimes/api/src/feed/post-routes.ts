import { ProblemError } from '@groundswell/http';
import { FeedPost, FeedPosts, NewClick, NewPost } from '@groundswell/wire';
import { z } from 'zod';
import { textOf } from '../contract/parameters.ts';
import { type Route, route } from '../contract/route.ts';
import { type FeedRoutes, noFeed, postId } from './parameters.ts';

/** Posts of one read. */
const maxIds = 100;

const noPost = (id: string, why: string): ProblemError =>
  new ProblemError(404, `Cannot find post ${id}: ${why}, the id of another is needed`);

const notThere = 'there is none, it expired or is not saved yet';

const ids = () =>
  textOf(20 * maxIds)
    .transform((text) => text.split(',').filter((id) => id !== ''))
    .pipe(
      z
        .array(postId())
        .min(1, { error: `1 to ${maxIds} ids are needed` })
        .max(maxIds, { error: `1 to ${maxIds} ids are needed` }),
    )
    .describe('Ids of posts.');

const ofPost = z.strictObject({ id: postId() });

export const postRoutes = ({ door, guarded }: FeedRoutes): readonly Route[] => [
  route({
    ...{ method: 'post', path: '/v1/posts', id: 'createPost', tag: 'Timelines' },
    summary: 'Take a post',
    body: NewPost,
    answer: { status: 201, what: 'It is in the log.', schema: FeedPost },
    problems: { 404: noFeed },
    handle: ({ body }) => {
      const { posts } = door();
      return guarded(() => posts.accept(body));
    },
  }),
  route({
    ...{ method: 'get', path: '/v1/posts', id: 'readPosts', tag: 'Timelines' },
    summary: 'Several posts in one read',
    query: z.strictObject({ ids: ids() }),
    answer: { status: 200, what: 'Those that there are.', schema: FeedPosts },
    problems: { 404: noFeed },
    handle: async ({ query }) => {
      const { posts } = door();
      const found = await guarded(() => posts.read(query.ids));
      return { posts: found.flatMap((one) => (one.kind === 'post' ? [one.post] : [])) };
    },
  }),
  route({
    ...{ method: 'get', path: '/v1/posts/{id}', id: 'readPost', tag: 'Timelines' },
    summary: 'One post',
    params: ofPost,
    answer: { status: 200, what: 'As it was taken.', schema: FeedPost },
    problems: { 404: 'There is no such post, or no Feed.' },
    handle: async ({ params: { id } }) => {
      const { posts } = door();
      const [found] = await guarded(() => posts.read([id]));
      if (found?.kind === 'post') return found.post;
      throw noPost(id, found?.kind === 'deleted' ? 'it was deleted' : notThere);
    },
  }),
  route({
    ...{ method: 'delete', path: '/v1/posts/{id}', id: 'deletePost', tag: 'Timelines' },
    summary: 'Delete a post',
    params: ofPost,
    answer: { status: 204, what: 'Nobody sees it from now on.' },
    problems: { 404: 'There is no such post, or no Feed.' },
    handle: async ({ params: { id } }) => {
      const { posts } = door();
      if (!(await guarded(() => posts.remove(id)))) throw noPost(id, notThere);
    },
  }),
  route({
    ...{ method: 'post', path: '/v1/clicks', id: 'createClick', tag: 'Timelines' },
    summary: 'Say that a user clicked on a post',
    body: NewClick.extend({ post_id: postId() }),
    answer: { status: 204, what: 'It is an event of the pipeline.' },
    problems: { 404: 'There is no such post, or no Feed.' },
    handle: async ({ body: { user_id, post_id } }) => {
      const { posts } = door();
      if (!(await guarded(() => posts.click(user_id, post_id)))) throw noPost(post_id, notThere);
    },
  }),
];
