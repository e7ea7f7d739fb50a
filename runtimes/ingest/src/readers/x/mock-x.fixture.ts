import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerJson, type Behaviour, behave, startStreamServer } from '../../test/stream-server.ts';
import type { AccountRule } from './rules.ts';

/** An X that behaves as it documents, and misbehaves as it is told. */
export interface MockX {
  readonly url: string;
  readonly rules: AccountRule[];
  /** Of posts, in the order in which they came. */
  readonly streams: URL[];
  readonly compliance: string[];
  /** What was done to the rules. */
  readonly changes: string[];
  readonly tokens: Set<string | undefined>;
}

interface MockOptions {
  readonly rules?: readonly AccountRule[];
  readonly posts?: readonly Behaviour[];
  /** Of all connections after those. */
  readonly after?: Behaviour;
  /** By partition; absent: the access does not allow it. */
  readonly compliance?: readonly string[];
  /** Rules that X does not take. */
  readonly refuses?: RegExp;
  /** Answers of the rules before the first right one. */
  readonly trouble?: readonly { readonly status: number; readonly headers?: Readonly<Record<string, string>> }[];
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  let body = '';
  for await (const chunk of request) body += chunk;
  return body;
};

export const startX = async (options: MockOptions = {}): Promise<MockX> => {
  const rules = [...(options.rules ?? [])];
  const [streams, compliance, changes]: [URL[], string[], string[]] = [[], [], []];
  const tokens = new Set<string | undefined>();
  const trouble = [...(options.trouble ?? [])];
  let nextId = 100;

  const change = async (request: IncomingMessage, response: ServerResponse, dryRun: boolean): Promise<void> => {
    const wanted = JSON.parse(await bodyOf(request));
    if (wanted.delete !== undefined) {
      for (const id of wanted.delete.ids) {
        rules.splice(
          rules.findIndex((rule) => rule.id === id),
          1,
        );
        changes.push(`-${id}`);
      }
      return answerJson(response, { meta: { summary: { deleted: wanted.delete.ids.length } } });
    }
    const bad = wanted.add.find(({ value }: AccountRule) => options.refuses?.test(value));
    if (bad !== undefined)
      return answerJson(
        response,
        { errors: [{ title: 'UnprocessableEntity', value: bad.value, details: ['no such operator'] }] },
        400,
      );
    const added = wanted.add.map((rule: AccountRule) => ({ ...rule, id: String(nextId++) }));
    if (dryRun) changes.push('?');
    else {
      rules.push(...added);
      for (const { value } of added) changes.push(`+${value}`);
    }
    answerJson(response, { data: added, meta: { summary: { created: added.length } } }, 201);
  };
  const server = await startStreamServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    tokens.add(request.headers.authorization);
    if (url.pathname.endsWith('/rules')) {
      const wrong = trouble.shift();
      if (wrong !== undefined) return void response.writeHead(wrong.status, wrong.headers).end('{"title":"Trouble"}');
      if (request.method === 'POST') return void change(request, response, url.searchParams.has('dry_run'));
      return answerJson(response, rules.length === 0 ? { meta: {} } : { data: rules });
    }
    if (url.pathname.startsWith('/2/tweets/compliance')) {
      const partition = url.searchParams.get('partition') ?? '';
      compliance.push(partition);
      const text = options.compliance?.[Number(partition) - 1];
      return behave(response, {
        text: text ?? '',
        end: text === undefined ? { status: 403, body: '{"title":"Client Forbidden"}' } : 'hold',
      });
    }
    streams.push(url);
    behave(response, options.posts?.[streams.length - 1] ?? options.after ?? { text: '\r\n', end: 'hold' });
  });
  return { url: server.url, rules, streams, compliance, changes, tokens };
};
