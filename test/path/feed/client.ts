import { setTimeout as wait } from 'node:timers/promises';
import { FeedPost, TimelinePage } from '@groundswell/wire';

/** The API of a Feed, as its users see it. */
export const createClient = (url: string) => {
  const send = async (method: string, path: string, body?: object): Promise<Response> =>
    fetch(`${url}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  const done = async (method: string, path: string, body?: object): Promise<void> => {
    const answer = await send(method, path, body);
    if (answer.status !== 204) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  };
  const page = async (user: string, query = ''): Promise<TimelinePage> => {
    const answer = await send('GET', `/v1/timelines/${encodeURIComponent(user)}${query}`);
    if (answer.status !== 200) throw new Error(`timeline: ${answer.status} ${await answer.text()}`);
    return TimelinePage.parse(await answer.json());
  };
  const texts = async (user: string): Promise<readonly string[]> =>
    (await page(user, '?limit=100')).posts.map(({ text }) => text);
  return {
    send,
    page,
    texts,
    follow: (user_id: string, followed_id: string) => done('POST', '/v1/follows', { user_id, followed_id }),
    unfollow: (user_id: string, followed_id: string) =>
      done('DELETE', `/v1/follows?${new URLSearchParams({ user_id, followed_id })}`),
    block: (user_id: string, blocked_id: string) => done('POST', '/v1/blocks', { user_id, blocked_id }),
    post: async (author_id: string, text: string): Promise<FeedPost> => {
      const answer = await send('POST', '/v1/posts', { author_id, text });
      if (answer.status !== 201) throw new Error(`post: ${answer.status} ${await answer.text()}`);
      return FeedPost.parse(await answer.json());
    },
    remove: (id: string) => done('DELETE', `/v1/posts/${id}`),
    /** Waits until a timeline is so; the time limit of the test ends it. */
    until: async (user: string, wanted: readonly string[]): Promise<void> => {
      while (JSON.stringify(await texts(user)) !== JSON.stringify(wanted)) await wait(5);
    },
  };
};
