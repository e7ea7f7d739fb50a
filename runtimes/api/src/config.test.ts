import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

test('the API listens on every address at 8080 unless its environment says otherwise', () => {
  expect(readConfig({})).toMatchObject({ host: '0.0.0.0', port: 8080 });
  expect(readConfig({ HTTP_HOST: '127.0.0.1', HTTP_PORT: '9000', UI_DIRECTORY: '/page' })).toEqual({
    host: '127.0.0.1',
    port: 9000,
    uiDirectory: '/page',
  });
});

test('what is wrong is said by the name of the variable', () => {
  expect(() => readConfig({ HTTP_PORT: '70000' })).toThrow(/^Cannot read the environment: HTTP_PORT: /);
});
