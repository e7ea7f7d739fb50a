import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { World } from '../browser/world.ts';
import { createApi, key, python, run } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await createApi();
});
afterAll(() => world.stop());

test.each([
  { who: 'who has the key', examples: '40', headers: ['--header', `Authorization: Bearer ${key}`] },
  { who: 'who has none', examples: '3', headers: [] },
])(
  'whatever is asked by $who, the answer is one of those that the document names, and never a 500',
  async ({ headers, examples }) => {
    const { code, said } = await run(join(dirname(python()), 'st'), [
      'run',
      `${world.url}/openapi.json`,
      ...headers,
      // It has no end.
      ...['--exclude-operation-id', 'stream'],
      ...['--phases', 'examples,coverage,fuzzing', '--max-examples', process.env['EXAMPLES'] ?? examples],
      ...['--seed', '11', '--workers', '1', '--no-color', '--suppress-health-check', 'all'],
      ...['--checks', 'not_a_server_error,status_code_conformance,content_type_conformance'],
      ...['--checks', 'response_headers_conformance,response_schema_conformance,negative_data_rejection'],
    ]);
    expect(code, said.slice(-16000)).toBe(0);
  },
);
