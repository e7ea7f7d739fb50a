import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fixtures } from '../../test/builders.ts';

test('a model is loaded without anything being told to the makers of ONNX Runtime', () => {
  const home = mkdtempSync(join(tmpdir(), 'groundswell-test-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const model = join(fixtures, 'classifier.onnx');
  const door = join(import.meta.dirname, 'onnx-runtime.ts');
  const script = `
    const { loadOnnxRuntime } = await import(${JSON.stringify(door)});
    const { InferenceSession } = await loadOnnxRuntime();
    await InferenceSession.create(${JSON.stringify(model)});`;
  // What it would send it keeps in the home folder first. In CI it is silent anyway.
  const env = { PATH: process.env['PATH'] ?? '', HOME: home };
  execFileSync(process.execPath, ['--conditions=source', '--input-type=module', '--eval', script], { env });
  expect(readdirSync(home)).toEqual([]);
});
