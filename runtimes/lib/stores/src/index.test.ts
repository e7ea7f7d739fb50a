import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('who uses the embedded stores loads neither kafkajs nor ioredis', () => {
  const script = `
    await import('@groundswell/stores');
    await import('@groundswell/stores/embedded');
    const loaded = Object.keys((await import('node:module')).createRequire(import.meta.url).cache);
    console.log(loaded.filter((path) => /kafkajs|ioredis/.test(path)).length);
    await import('@groundswell/stores/kafka');
    await import('@groundswell/stores/redis');
    console.log(loaded.length < Object.keys((await import('node:module')).createRequire(import.meta.url).cache).length);
  `;
  const words = ['--conditions=source', '--input-type=module', '-e', script];
  const output = execFileSync(process.execPath, words, { cwd: import.meta.dirname, encoding: 'utf8' });
  expect(output).toBe('0\ntrue\n');
});
