import type { MastodonReader } from '@groundswell/graph';
import { openHttpStream } from '../../connection/http-stream.ts';
import type { Handlers, Stream } from '../../connection/stream.ts';
import { openWebSocket } from '../../connection/web-socket.ts';
import type { World } from '../../source-reader.ts';

/** An instance, with its token in headers: addresses end in logs. */
export type Instance = MastodonReader['instances'][number] & { readonly headers: Readonly<Record<string, string>> };

/** Opens the stream of an instance over one of the two transports. Both give `{ event, payload }`. */
export const openStream = (
  instance: Instance,
  transport: MastodonReader['transport'],
  { handlers, world }: { readonly handlers: Handlers; readonly world: World },
): Stream => {
  const { headers } = instance;
  if (transport === 'sse') return openHttpStream({ url: sseUrlOf(instance), headers }, asMessages(handlers));
  return openWebSocket({ url: webSocketUrlOf(instance), headers }, world, handlers);
};

const withSubject = (url: URL, { tag, list }: Instance): URL => {
  if (tag !== undefined) url.searchParams.set('tag', tag);
  if (list !== undefined) url.searchParams.set('list', list);
  return url;
};

const sseUrlOf = (instance: Instance): string =>
  withSubject(new URL(`/api/v1/streaming/${instance.stream.replace(':', '/')}`, instance.url), instance).href;

const webSocketUrlOf = (instance: Instance): string => {
  const url = new URL('/api/v1/streaming', instance.url.replace(/^http/, 'ws'));
  url.searchParams.set('stream', instance.stream);
  return withSubject(url, instance).href;
};

/** Server-sent events as messages: Mastodon has its data in one line, and beats with comments. */
const asMessages = (handlers: Handlers): Handlers => {
  let event = 'message';
  return {
    ...handlers,
    message: (line) => {
      const [, field, value = ''] = /^([^:]*): ?(.*)$/s.exec(line) ?? [undefined, line];
      if (field === 'event') event = value;
      if (field === 'data') handlers.message(JSON.stringify({ event, payload: value }));
      else handlers.alive();
    },
  };
};
