import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

test('the API listens on every address at 8080 unless its environment says otherwise', () => {
  expect(readConfig({})).toMatchObject({ host: '0.0.0.0', port: 8080 });
  const env = { HTTP_HOST: '127.0.0.1', HTTP_PORT: '9000', UI_DIRECTORY: '/page', SCORERS_URL: 'http://{scorer}:1' };
  expect(readConfig(env)).toEqual({
    host: '127.0.0.1',
    port: 9000,
    uiDirectory: '/page',
    scorers: 'http://{scorer}:1',
  });
});

test('what is wrong is said by the name of the variable', () => {
  expect(() => readConfig({ HTTP_PORT: '70000' })).toThrow(/^Cannot read the environment: HTTP_PORT: /);
});
