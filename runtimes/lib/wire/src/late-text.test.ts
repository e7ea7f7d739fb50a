import { expect, test } from 'vitest';
import { LateText } from './late-text.ts';

test('a late text is made when it is read, and once', () => {
  let made = 0;
  const text = new LateText(() => `made ${++made}`);
  expect(made).toBe(0);
  expect([String(text), `${text}`]).toEqual(['made 1', 'made 1']);
});
