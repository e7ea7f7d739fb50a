import type { ProblemStatus } from '@groundswell/http';
import { Problem } from '@groundswell/wire';
import { z } from 'zod';
import { type Route, type RouteSpec, scopeOf } from './route.ts';
import { type Json, jsonSchemaOf } from './schemas.ts';

type Components = Map<string, Json>;

export interface OpenApi {
  readonly openapi: '3.1.0';
  readonly info: Json;
  readonly tags: readonly Json[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Json; readonly securitySchemes: Json };
}

export interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Content };
  readonly responses: Readonly<Record<string, Response>>;
  /** None, or a key with this scope. */
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required: boolean;
  readonly description?: unknown;
  readonly schema: Json;
}

type Content = Readonly<Record<string, { readonly schema: Json }>>;

interface Response {
  readonly description: string;
  readonly headers?: Json;
  readonly content?: Content;
}

const description = `What the pipeline found, as JSON. Times are milliseconds since the epoch, of events unless it says wall time. An error is
a problem (RFC 9457) whose \`detail\` says what is so and what is needed. What lists more than a page has \`next_cursor\`.
Where the pipeline declares keys, send one as \`Authorization: Bearer KEY\` or \`X-Api-Key: KEY\`; \`RateLimit\` says how many requests may follow.`;

const tags = [
  { name: 'Scores', description: 'Which posts are about to go viral, how sure that is, and why.' },
  { name: 'Windows', description: 'What is counted while events pass by.' },
  { name: 'Models', description: 'What scores, and how a challenger does.' },
  { name: 'Timelines', description: 'Posts, follows and what each user sees; needs a Feed.' },
  { name: 'Pipeline', description: 'What the pipeline is doing.' },
];

const securitySchemes: Json = {
  bearer: { type: 'http', scheme: 'bearer', description: 'A key of the pipeline.' },
  key: { type: 'apiKey', in: 'header', name: 'X-Api-Key', description: 'The same.' },
};

/** Of any request of the kind. */
const problemsOf = ({ method, body, query, params, problems }: Route): Partial<Record<ProblemStatus, string>> => ({
  ...((body ?? query ?? params) !== undefined && { 400: 'Something in the request is not as described here.' }),
  ...(method === 'post' && { 413: 'The body is too large.', 415: 'The body is not application/json.' }),
  401: 'A key is needed, or the one that was sent is not known.',
  403: 'The key does not allow it.',
  429: 'The caller asked too often.',
  503: 'The store or the log does not answer; try again.',
  ...problems,
});

/** The document that says what the routes take and give. */
export const openApiOf = (routes: readonly Route[]): OpenApi => {
  const components: Components = new Map();
  const paths: Record<string, Record<string, Operation>> = {};
  for (const each of routes) {
    paths[each.path] ??= {};
    (paths[each.path] as Record<string, Operation>)[each.method] = operationOf(each, components);
  }
  jsonSchemaOf(Problem, 'output', components);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Groundswell',
      version: '1',
      description,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags,
    paths,
    components: {
      schemas: Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes,
    },
  };
};

const header = (description: string): Json => ({ description, schema: { type: 'string' } });

/** Of callers that are turned away; `RateLimit` and its policy are in every answer. */
const headersOf: Readonly<Record<number, Json>> = {
  401: { 'WWW-Authenticate': header('How to say who calls.') },
  403: { 'WWW-Authenticate': header('The scope that is needed.') },
  429: { 'Retry-After': header('Seconds to wait.') },
};

const operationOf = (route: Route, components: Components): Operation => {
  const { id, summary, tag, body, answer } = route;
  const problem: Content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  const problems = Object.entries(problemsOf(route)).map(([status, when]) => [
    status,
    { description: when, ...(headersOf[Number(status)] && { headers: headersOf[Number(status)] }), content: problem },
  ]);
  return {
    operationId: id,
    summary,
    tags: [tag],
    parameters: [...parametersOf(route.params, 'path', components), ...parametersOf(route.query, 'query', components)],
    ...(body !== undefined && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: jsonSchemaOf(body, 'input', components) } },
      },
    }),
    security: [{}, { bearer: [scopeOf(route)] }, { key: [scopeOf(route)] }],
    responses: { [answer.status]: answerOf(route, components), ...Object.fromEntries(problems) },
  };
};

const answerOf = ({ answer, cached }: Route, components: Components): Response => {
  const { what, schema, mediaType = 'application/json' } = answer;
  return {
    description: what,
    ...(cached && { headers: { ETag: { description: 'For `If-None-Match`.', schema: { type: 'string' } } } }),
    ...(schema !== undefined && {
      content: { [mediaType]: { schema: jsonSchemaOf(schema, 'output', components) } },
    }),
  };
};

const parametersOf = (
  schema: RouteSpec['query'],
  place: Parameter['in'],
  components: Components,
): readonly Parameter[] => {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries<z.ZodType>(schema.shape).map(([name, each]) => {
    const { description: said, ...rest } = jsonSchemaOf(each, 'output', components);
    const required = !each.safeParse(undefined).success;
    return { name, in: place, required, ...(said !== undefined && { description: said }), schema: rest };
  });
};
