import { ProblemError } from '@groundswell/http';
import { NewBlock, NewFollow } from '@groundswell/wire';
import { type Route, route } from '../contract/route.ts';
import { type FeedRoutes, noFeed } from './parameters.ts';

const notOneself = (user: string, other: string, verb: string): void => {
  if (user === other) throw new ProblemError(400, `Cannot ${verb} "${user}": it is the user itself, another is needed`);
};

export const relationRoutes = (parts: FeedRoutes): readonly Route[] => [...follows(parts), ...blocks(parts)];

const follows = ({ door, guarded }: FeedRoutes): readonly Route[] => [
  route({
    ...{ method: 'post', path: '/v1/follows', id: 'follow', tag: 'Timelines' },
    summary: 'Follow an account',
    body: NewFollow,
    answer: { status: 204, what: 'In force with the next read; asking twice is asking once.' },
    problems: { 403: 'The account has blocked the user, or the key does not allow it.', 404: noFeed },
    handle: async ({ body: { user_id, followed_id } }) => {
      const { follows } = door();
      notOneself(user_id, followed_id, 'follow');
      if ((await guarded(() => follows.follow(user_id, followed_id))) === 'blocked')
        throw new ProblemError(403, `Cannot follow "${followed_id}": the account has blocked "${user_id}"`);
    },
  }),
  route({
    ...{ method: 'delete', path: '/v1/follows', id: 'unfollow', tag: 'Timelines' },
    summary: 'Follow an account no more',
    query: NewFollow,
    answer: { status: 204, what: 'In force with the next read.' },
    problems: { 404: noFeed },
    handle: async ({ query: { user_id, followed_id } }) => {
      const { follows } = door();
      await guarded(() => follows.unfollow(user_id, followed_id));
    },
  }),
];

const blocks = ({ door, guarded }: FeedRoutes): readonly Route[] => [
  route({
    ...{ method: 'post', path: '/v1/blocks', id: 'block', tag: 'Timelines' },
    summary: 'Block an account',
    body: NewBlock,
    answer: { status: 204, what: 'Neither follows the other from now on.' },
    problems: { 404: noFeed },
    handle: async ({ body: { user_id, blocked_id } }) => {
      const { follows } = door();
      notOneself(user_id, blocked_id, 'block');
      await guarded(() => follows.block(user_id, blocked_id));
    },
  }),
  route({
    ...{ method: 'delete', path: '/v1/blocks', id: 'unblock', tag: 'Timelines' },
    summary: 'Block an account no more',
    query: NewBlock,
    answer: { status: 204, what: 'They may follow each other again.' },
    problems: { 404: noFeed },
    handle: async ({ query: { user_id, blocked_id } }) => {
      const { follows } = door();
      await guarded(() => follows.unblock(user_id, blocked_id));
    },
  }),
];
