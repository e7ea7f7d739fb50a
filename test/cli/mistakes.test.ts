import { createServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { eventsCsv, modelYaml, pipelineYaml, windowYaml } from './resources.ts';
import { fixtureModel, folderOf, runCli } from './run-cli.ts';

const validate = async (files: Readonly<Record<string, string>>) => runCli('validate', '-f', await folderOf(files));

describe('validate names file, line and field of', () => {
  test.each([
    ['broken YAML', { 'a.yaml': 'kind: [ViralityPipeline\nmetadata: {' }, /a\.yaml:\d+:\d+/],
    [
      'an unknown field',
      { 'a.yaml': pipelineYaml().replace('sources:', 'sauces: []\n  sources:') },
      /a\.yaml:6:\d+: spec\.sauces: .*sources/,
    ],
    [
      'a missing reference',
      { 'p.yaml': pipelineYaml(), 'w.yaml': windowYaml(), 'm.yaml': modelYaml({ windowRef: 'repost' }) },
      /m\.yaml:\d+:\d+: spec\.features.*"?repost"?.*reposts/s,
    ],
    [
      'a cycle of features',
      {
        'p.yaml': pipelineYaml(),
        'w.yaml': windowYaml(),
        'm.yaml': modelYaml({
          features: '    - { name: a, expression: b + 1.0 }\n    - { name: b, expression: a + 1.0 }',
        }),
      },
      /m\.yaml:\d+:\d+: spec\.features.*(a|b)/,
    ],
    [
      'bad CEL',
      { 'p.yaml': pipelineYaml(), 'w.yaml': windowYaml({ where: 'event.type ==' }) },
      /w\.yaml:\d+:\d+: spec\.input\.where: Cannot/,
    ],
    [
      'an unknown variable in CEL',
      { 'p.yaml': pipelineYaml(), 'w.yaml': windowYaml({ where: 'evnt.type == "post"' }) },
      /w\.yaml:\d+:\d+: spec\.input\.where: .*evnt.*event/,
    ],
  ])('%s', async (_, files, message) => {
    const { code, stderr } = await validate(files);
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });

  test('two pipelines for one process', async () => {
    const other = pipelineYaml().replace('name: small', 'name: other');
    const { code, stderr } = await validate({ 'p.yaml': pipelineYaml(), 'q.yaml': other });
    expect(stderr).toMatch(/Cannot run pipelines "other" and "small" in one process: several are not supported yet/);
    expect(code).toBe(1);
  });

  test('all problems at once', async () => {
    const { stderr } = await validate({
      'p.yaml': pipelineYaml(),
      'v.yaml': windowYaml({ where: '1 +' }),
      'w.yaml': windowYaml({ name: 'other', extra: '  sinks: []\n  sink: {}' }),
    });
    expect(stderr).toMatch(/v\.yaml:\d+:\d+: spec\.input\.where/);
    expect(stderr).toMatch(/w\.yaml:\d+:\d+: spec\.sink\b/);
  });
});

/** Runs to the end on a free port; windows and page must work whatever else is wrong. */
const up = async (files: Readonly<Record<string, string | Uint8Array>>, ...args: readonly string[]) =>
  runCli('up', '-f', await folderOf({ 'w.yaml': windowYaml(), ...files }), '--port', '0', '--exit-when-done', ...args);

describe('up says what is wrong, and the rest goes on', () => {
  test('with a mapping that misses a column', async () => {
    const { stdout } = await up({ 'p.yaml': pipelineYaml({ postId: 'row.kaskade' }), 'events.csv': eventsCsv });
    expect(stdout).toMatch(/ingest-file stalled: Cannot .*kaskade.*cascade, user, second/);
  });

  test('with a corrupt gzip', async () => {
    const packed = gzipSync(eventsCsv.repeat(2_000));
    const { stdout } = await up({
      'p.yaml': pipelineYaml({ file: 'events.csv.gz', compression: 'Gzip' }),
      'events.csv.gz': packed.subarray(0, packed.length / 2),
    });
    expect(stdout).toMatch(/ingest-file stalled: Cannot .*events\.csv\.gz/);
  });

  test('with a truncated JSON line', async () => {
    const { stdout } = await up({
      'p.yaml': pipelineYaml({ file: 'events.jsonl', format: 'JsonLines' }),
      'events.jsonl': '{"cascade":"c1","user":"ann","second":60}\n{"cascade":"c1","us',
    });
    expect(stdout).toMatch(/ingest-file stalled: Cannot use line 2 of "events\.jsonl": it is not JSON/);
    expect(stdout).toMatch(/events in\s+1\b/);
  });

  test('with an ONNX file of the wrong width', async () => {
    const { bytes, artifact } = await fixtureModel('classifier');
    const { stdout } = await up({
      'p.yaml': pipelineYaml(),
      'm.yaml': modelYaml(artifact),
      'model.onnx': bytes,
      'events.csv': eventsCsv,
    });
    expect(stdout).toMatch(/scorer-small stalled: Cannot serve variant "champion": .*3 features.*1/);
    expect(stdout).toMatch(/events in\s+4\b/);
    expect(stdout).toMatch(/window-reposts\s+4 in = 2 counted/);
  });

  test('with a port in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    const { stdout } = await up(
      { 'p.yaml': `${pipelineYaml()}  api: {}\n`, 'events.csv': eventsCsv },
      '--port',
      String(port),
    );
    server.close();
    expect(stdout).toMatch(new RegExp(`api stalled: Cannot listen on 127\\.0\\.0\\.1:${port}: .*--port`));
    expect(stdout).toMatch(/events in\s+4\b/);
  });
});

test('a misspelt command or option is refused with what there is', async () => {
  const { code, stderr } = await runCli('upp');
  expect(code).toBe(1);
  expect(stderr).toMatch(/unknown command 'upp'.*\n.*up/s);
});

test.each([
  [
    'generate',
    ['--out', '-', '--duration', '3 days'],
    /--duration.*"3 days" is no duration: write whole numbers with units/,
  ],
  ['up', ['-f', '.', '--save-every', 'often'], /--save-every.*"often" is no duration/],
  [
    'evaluate',
    ['-f', 'examples/virality', '--test', '.', '--labels', 'matured'],
    /Cannot train on matured labels with --test/,
  ],
])('an option of %s that makes no sense is refused before anything runs: %j', async (command, args, message) => {
  const { code, stdout, stderr } = await runCli(command, ...args);
  expect(stderr).toMatch(message);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
});
