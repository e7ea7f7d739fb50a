import { spawn, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ghzProgram } from './ghz.ts';
import { servingModels, servingPython } from './models.ts';
import { type Server, startServer } from './server.ts';

const models = servingModels();
const names = readdirSync(models)
  .filter((file) => file.endsWith('.onnx'))
  .map((file) => file.replace('.onnx', ''));
const script = join(import.meta.dirname, 'python', 'clients.py');

interface Check {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
}

let server: Server;
let checks: readonly Check[] = [];
const runClients = (): Promise<readonly Check[]> =>
  new Promise((resolve, reject) => {
    const child = spawn(servingPython(), [script, server.http, server.grpc, models], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
    });
    child.once('error', reject);
    child.once('exit', () =>
      resolve(
        out
          .split('\n')
          .filter(Boolean)
          .map((line) => JSON.parse(line) as Check),
      ),
    );
  });
beforeAll(async () => {
  server = await startServer(names.map((name) => join(models, `${name}.onnx`)));
  checks = await runClients();
}, 300_000);
afterAll(() => server.stop());

test.each(names)('tritonclient gets from %s what its native library answers, in every form of the protocol', (name) => {
  const mine = checks.filter(({ check }) => check.startsWith(`${name}: `));
  expect(mine.filter(({ ok }) => !ok)).toEqual([]);
  expect(mine.length).toBeGreaterThanOrEqual(7);
});

test('tritonclient finds readiness, metadata and index, and gets the errors of the protocol', () => {
  const mine = checks.filter(({ check }) => /^(gRPC|HTTP): /.test(check));
  expect(mine.filter(({ ok }) => !ok)).toEqual([]);
  expect(mine).toHaveLength(16);
});

describe('ghz, by reflection', () => {
  const ghz = ghzProgram();
  test.skipIf(ghz === undefined)('gets every request answered', () => {
    const data = {
      model_name: 'factorisation',
      inputs: [
        {
          name: 'input',
          datatype: 'FP32',
          shape: [1, 32],
          contents: { fp32_contents: Array.from({ length: 32 }, () => 0.5) },
        },
      ],
    };
    const words = ['--insecure', '--format', 'json', '-n', '3000', '-c', '50', '--connections', '5'];
    const call = ['--call', 'inference.GRPCInferenceService.ModelInfer', '-d', JSON.stringify(data), server.grpc];
    const { stdout, stderr } = spawnSync(ghz ?? '', [...words, ...call], { encoding: 'utf8', maxBuffer: 1 << 26 });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({ count: 3000, statusCodeDistribution: { OK: 3000 } });
  });
});
