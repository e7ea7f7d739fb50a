import { describe, expect, test } from 'vitest';
import { said, small } from './small.ts';

test('the small pipeline has nothing wrong with it', () => {
  expect(said(small()).lines).toEqual([]);
});

/** What is written instead of what, and what is said of it. */
const mistakes: readonly (readonly [what: string, from: string, to: string, ...lines: string[]])[] = [
  [
    'broken YAML',
    '  window:\n    hop: {',
    '  window:\n    hop: [{',
    'windows.yaml:12:3: Cannot read the YAML: flow sequence in block collection must be sufficiently indented and end with a ]',
  ],
  [
    'a name for a key twice',
    '  key: [post_id]',
    '  key: [post_id]\n  key: []',
    'windows.yaml:10:3: Cannot read the YAML: map keys must be unique',
  ],
  [
    'an unknown kind',
    'kind: ScoringModel',
    'kind: ScoringModl',
    'model.yaml:2:7: kind: Cannot accept ScoringModl "hits": "ScoringModl" is no kind of ours: did you mean "ScoringModel"?',
  ],
  [
    'an unknown version',
    'groundswell.dev/v1alpha1\nkind: ScoringModel',
    'groundswell.dev/v9\nkind: ScoringModel',
    'model.yaml:1:13: apiVersion: Cannot accept ScoringModel "hits": "apiVersion" must be "groundswell.dev/v1alpha1", and is "groundswell.dev/v9"',
  ],
  [
    'no kind',
    'kind: ScoringModel\n',
    '',
    'model.yaml:1:1: Cannot read the document: it is no Kubernetes object, apiVersion and kind are needed',
  ],
  [
    'an unknown field',
    'every: 10s',
    'evry: 10s',
    'windows.yaml:11:5: spec.window.hop.every: Cannot accept FeatureWindow "post-10m": "every" is required: give text',
    'windows.yaml:11:29: spec.window.hop.evry: Cannot accept FeatureWindow "post-10m": "evry" is no known field: did you mean "every"?',
  ],
  [
    'a duration that is none',
    'size: 1h',
    'size: 1 hour',
    'windows.yaml:25:21: spec.window.tumble.size: Cannot accept FeatureWindow "hourly": "1 hour" is no duration: write whole numbers with units, as in 250ms, 30s, 5m, 1h30m, 72h or 3d',
  ],
  [
    'every that does not divide size',
    'every: 10s',
    'every: 7s',
    'windows.yaml:11:5: spec.window.hop: Cannot accept FeatureWindow "post-10m": every must divide size: write for example size 1h with every 5m',
  ],
  [
    'two windows in one',
    'tumble: { size: 1h }',
    'tumble: { size: 1h }\n    session: { gap: 5m }',
    'windows.yaml:24:3: spec.window: Cannot accept FeatureWindow "hourly": give exactly one of tumble, hop, session, decay, pattern, global',
  ],
  [
    'shares that are not 100',
    'share: 40',
    'share: 30',
    'model.yaml:11:3: spec.variants: Cannot accept ScoringModel "hits": the shares of the variants that are not shadows must add up to 100',
  ],
  [
    'an API that turns everybody away',
    'api: {}',
    'api: { anonymous: None }',
    'pipeline.yaml:24:21: spec.api.anonymous: Cannot turn away callers without a key: there are no keys and nobody signs in, name a Secret with a list of keys in keysRef, or a provider in ui.oidc',
  ],
  [
    'webhooks that cannot be told',
    'api: {}',
    `api:
    webhooks:
      - { url: https://example.com/a, events: [alert], signingKeyRef: { name: a, key: b } }
      - { url: https://example.com/a, events: [outcome], signingKeyRef: { name: a, key: b } }`,
    'pipeline.yaml:26:39: spec.api.webhooks[0].events: Cannot tell of alerts: the pipeline has none, add alerts with rules or leave "alert" out',
    'pipeline.yaml:27:16: spec.api.webhooks[1].url: Cannot tell https://example.com/a twice: it is there before, put all its events into one',
  ],
  [
    'an origin that no browser sends',
    'api: {}',
    "api: { corsOrigins: ['*', https://example.com/app, example.com] }",
    'pipeline.yaml:24:29: spec.api.corsOrigins[1]: Cannot let pages of "https://example.com/app" call the API: it is no origin, one as in https://example.com is needed',
    'pipeline.yaml:24:54: spec.api.corsOrigins[2]: Cannot let pages of "example.com" call the API: it is no origin, one as in https://example.com is needed',
  ],
  [
    'a pipeline that is not there',
    'pipelineRef: { name: news }\n  features',
    'pipelineRef: { name: nws }\n  features',
    'model.yaml:6:24: spec.pipelineRef.name: Cannot find ViralityPipeline "nws": there is none of that name, did you mean "news"?',
  ],
  [
    'a window that is not there',
    'ref: { name: post-10m }',
    'ref: { name: post-10 }',
    'model.yaml:9:47: spec.features[1].window.ref.name: Cannot find FeatureWindow "post-10": there is none of that name, did you mean "post-10m"?',
  ],
  [
    'an outcome that is not there',
    'outcomeRef: { name: hit }',
    'outcomeRef: { name: hits }',
    'model.yaml:18:23: spec.outcomeRef.name: Cannot find the outcome "hits": the pipeline "news" has none of that name, did you mean "hit"?',
  ],
  [
    'a heatmap of a window that is not there',
    'windowRef: { name: hourly }',
    'windowRef: { name: daily }',
    'pipeline.yaml:25:39: spec.ui.heatmap.windowRef.name: Cannot find FeatureWindow "daily": there is none of that name, known are hourly, post-10m',
  ],
  [
    'a heatmap of a window with a key',
    'windowRef: { name: hourly }',
    'windowRef: { name: post-10m }',
    'pipeline.yaml:25:39: spec.ui.heatmap.windowRef.name: Cannot show the window "post-10m" as heatmap: it keeps no history, add a redis.series sink to it',
  ],
  [
    'a page without an API',
    '  api: {}\n',
    '',
    'pipeline.yaml:24:3: spec.ui: Cannot accept ViralityPipeline "news": ui needs api, which serves it: add api: {}',
  ],
  [
    'a value that the window does not have',
    'field: reposts }',
    'field: repost }',
    'model.yaml:9:66: spec.features[1].window.field: Cannot read "repost" of the window "post-10m": it has no such aggregation, did you mean "reposts"?',
  ],
  [
    'a feature that needs itself',
    'event: event.user.followers }',
    'expression: rate * 2.0 }',
    'model.yaml:8:38: spec.features[0].expression: Cannot compute the feature: it needs itself (followers → rate → followers), one of them must do without',
    'model.yaml:10:33: spec.features[2].expression: Cannot compute the feature: it needs itself (rate → followers → rate), one of them must do without',
  ],
  [
    'a feature before what it uses',
    'event: event.user.followers }',
    'expression: reposts * 2.0 }',
    'model.yaml:8:38: spec.features[0].expression: Cannot compute the feature: it uses "reposts", which comes after it, move that one before it',
  ],
  [
    'a feature with a name that is taken',
    'name: followers, event',
    'name: age, event',
    'model.yaml:8:15: spec.features[0].name: Cannot name a feature "age": expressions have that name already, another one is needed',
    'model.yaml:10:50: spec.features[2].expression: Cannot use the expression "log1p(reposts) / followers" at column 18: unknown variable "followers", known are event, at, age, reposts',
  ],
  [
    'bad CEL in a feature',
    'log1p(reposts) / followers',
    'log1p(reposts / followers',
    'model.yaml:10:58: spec.features[2].expression: Cannot use the expression "log1p(reposts / followers" at column 26: expected ")", got the end',
  ],
  [
    'an unknown feature in CEL',
    'log1p(reposts) / followers',
    'log1p(repots) / followers',
    'model.yaml:10:39: spec.features[2].expression: Cannot use the expression "log1p(repots) / followers" at column 7: unknown variable "repots", did you mean "reposts"?',
  ],
  [
    'an unknown function in CEL',
    'log1p(reposts)',
    'sentimnt(event.text)',
    'model.yaml:10:33: spec.features[2].expression: Cannot use the expression "sentimnt(event.text) / followers" at column 1: unknown function "sentimnt", did you mean "sentiment"?',
  ],
  [
    'bad CEL in a window',
    `event.type == 'repost'\n  key`,
    `event.type = 'repost'\n  key`,
    `windows.yaml:8:23: spec.input.where: Cannot use the expression "event.type = 'repost'" at column 12: unexpected character: = (equality is written ==)`,
  ],
  [
    'an unknown field of the event',
    'sum: { field: event.user.followers }',
    'sum: { field: event.user.folowers }',
    'windows.yaml:14:47: spec.aggregations[1].sum.field: Cannot use the expression "event.user.folowers" at column 12: unknown field "folowers", did you mean "followers"?',
  ],
  [
    'a label in a feature',
    'event: event.user.followers',
    'event: event.outcome.reposts',
    'model.yaml:8:39: spec.features[0].event: Cannot use the expression "event.outcome.reposts" at column 7: "outcome" may not be read here, it is known only in hindsight: a model that sees it learns the answer, not the post',
  ],
  [
    'a label in an expression',
    'log1p(reposts)',
    'log1p(event.outcome.reposts)',
    'model.yaml:10:45: spec.features[2].expression: Cannot use the expression "log1p(event.outcome.reposts) / followers" at column 13: "outcome" may not be read here, it is known only in hindsight: a model that sees it learns the answer, not the post',
  ],
  [
    'a label in a window',
    'field: event.user.followers',
    'field: event.outcome.reposts',
    'windows.yaml:14:42: spec.aggregations[1].sum.field: Cannot use the expression "event.outcome.reposts" at column 7: "outcome" may not be read here, it is known only in hindsight: a model that sees it learns the answer, not the post',
  ],
  [
    'a label in the key of a window',
    'key: [post_id]',
    'key: [post_id, outcome.reposts]',
    'windows.yaml:9:18: spec.key[1]: Cannot count by "outcome.reposts": it is known only in hindsight, another field is needed',
  ],
  [
    'a key that events do not have',
    'key: [post_id]',
    'key: [post_idd]',
    'windows.yaml:9:9: spec.key[0]: Cannot count by "post_idd": events have no such field, did you mean "post_id"?',
  ],
  [
    'a ratio of a list',
    'reach, sum: { field: event.user.followers } }',
    'reach, ratio: { numerator: people, denominator: reposts } }\n    - { name: people, lastN: { field: event.user_id, size: 3 } }',
    'windows.yaml:14:42: spec.aggregations[1].ratio.numerator: Cannot compute the ratio "reach": "people" is a list, a number is needed',
  ],
  [
    'a ratio of what is computed after it',
    'reach, sum: { field: event.user.followers } }',
    'reach, ratio: { numerator: twice, denominator: reposts } }\n    - { name: twice, expression: reposts * 2.0 }',
    'windows.yaml:14:42: spec.aggregations[1].ratio.numerator: Cannot compute the ratio "reach": "twice" is computed after it, move that one before it',
  ],
  [
    'an expression over what the window does not have',
    'reach, sum: { field: event.user.followers } }',
    'reach, expression: repost * 2.0 }',
    'windows.yaml:14:34: spec.aggregations[1].expression: Cannot use the expression "repost * 2.0" at column 1: unknown variable "repost", did you mean "reposts"?',
  ],
  [
    'an age at which nothing is scored',
    '  outcomeRef: { name: hit }',
    '  outcomeRef: { name: hit }\n  rollout: { champion: champion, challenger: challenger, evidence: { ages: [7m] } }',
    'model.yaml:19:77: spec.rollout.evidence.ages[0]: Cannot compare at this age: posts are not scored at it, an age of score.at is needed',
  ],
  [
    'a requirement that nothing checks yet',
    '  outcomeRef: { name: hit }',
    '  outcomeRef: { name: hit }\n  rollout: { champion: champion, challenger: challenger, require: [GoalsMet] }',
    'model.yaml:19:68: spec.rollout.require[0]: Cannot use "require[0]": it is not supported yet, use FeaturesFresh',
  ],
  [
    'a list as a feature',
    'reposts, count: {} }',
    'reposts, lastN: { field: event.user_id, size: 3 } }',
    'model.yaml:9:66: spec.features[1].window.field: Cannot use "reposts" of the window "post-10m" as a feature: it is a list, a number is needed',
  ],
  [
    'what does not fade in a window that does',
    'hop: { size: 10m, every: 10s }\n  aggregations:\n    - { name: reposts, count: {} }',
    'decay: { halfLife: 1h }\n  aggregations:\n    - { name: reposts, distinct: { field: event.user_id } }',
    'windows.yaml:13:7: spec.aggregations[0]: Cannot compute "reposts" in a decay window: only counts and sums fade, use count, sum, avg, weightedSum, ratio, expression',
  ],
  [
    'lateness where nothing is late',
    '    hop: { size: 10m, every: 10s }\n',
    '    global: {}\n  watermark: { allowedLateness: 5m }\n',
    'windows.yaml:12:33: spec.watermark.allowedLateness: Cannot use "allowedLateness" here: no event is late for a window without end, remove it',
  ],
  [
    'sessions that nothing clears away',
    '  window:\n    hop: { size: 10m, every: 10s }',
    '  window:\n    session: { gap: 10m }',
    'windows.yaml:16:16: spec.sinks[0].redis.hash: Cannot tell when the values of "post:{post_id}" go: a session is not followed by an empty one, give a ttl',
  ],
  [
    'a sink without the key',
    '"post:{post_id}"',
    '"post"',
    'windows.yaml:16:29: spec.sinks[0].redis.hash.key: Cannot write to "post": all values of post_id would share one key, {post_id} must be in it',
  ],
  [
    'a sink with an unknown name',
    '"post:{post_id}"',
    '"post:{post_id}:{lang}"',
    `windows.yaml:16:29: spec.sinks[0].redis.hash.key: Cannot write to "post:{post_id}:{lang}": "lang" is no field of the window's key, known are post_id, window_start, window_end`,
  ],
  [
    'a sink in our own keys',
    '"post:{post_id}"',
    '"gs:{post_id}"',
    `windows.yaml:16:29: spec.sinks[0].redis.hash.key: Cannot write to "gs:{post_id}": keys that begin with "gs:" are Groundswell's own, another one is needed`,
  ],
  [
    'two windows that write one field',
    'key: hourly, keep',
    'key: "post:{x}", keep',
    'pipeline.yaml:25:39: spec.ui.heatmap.windowRef.name: Cannot show the window "hourly" as heatmap: it has a history for each key, a window with "key: []" is needed',
    'windows.yaml:15:3: spec.sinks: Cannot write to "post:{post_id}": the window "hourly" writes a series there, another key or other names are needed',
    `windows.yaml:29:31: spec.sinks[0].redis.series.key: Cannot write to "post:{x}": "x" is no field of the window's key, known are window_start, window_end`,
  ],
  [
    'another topic',
    `input:\n    where: event.type == 'repost'`,
    'input: { topic: predictions }',
    'windows.yaml:7:19: spec.input.topic: Cannot read the topic "predictions": only the events of the pipeline are supported yet, write events',
  ],
  [
    'a mapping that lacks a field',
    '              user_id: row.user\n',
    '',
    'pipeline.yaml:14:13: spec.sources[1].replay.files[0].mapping: Cannot make events of the rows: the mapping lacks user_id, each event needs them',
  ],
  [
    'a mapping to an unknown field',
    'user_id: row.user',
    'user_id: row.user\n              user.folowers: row.f',
    'pipeline.yaml:19:30: spec.sources[1].replay.files[0].mapping.user.folowers: Cannot map to "user.folowers": events have no such field, did you mean "user.followers"?',
  ],
  [
    'a mapping to what ingest sets',
    'user_id: row.user',
    'user_id: row.user\n              source: row.f',
    'pipeline.yaml:19:23: spec.sources[1].replay.files[0].mapping.source: Cannot map to "source": ingest sets it itself, remove it',
  ],
  [
    'a mapping of the time that asks for history',
    'at: row.at',
    'at: root.at',
    'pipeline.yaml:16:19: spec.sources[1].replay.files[0].mapping.at: Cannot use the expression "root.at" at column 1: unknown variable "root", known are row',
  ],
  [
    'ages that do not ascend',
    '  features:',
    '  score: { at: [5m, 5m] }\n  features:',
    'model.yaml:7:21: spec.score.at[1]: Cannot score at this age: it is not after the one before it, ascending ages are needed',
  ],
  [
    'packed messages of a wire that has no dictionary',
    '      generator: { seed: 7 }',
    '      bluesky: { compression: Zstd, instances: [wss://a.example/subscribe] }',
    'pipeline.yaml:8:49: spec.sources[0].bluesky.instances[0]: Cannot unpack what "wss://a.example/subscribe" sends: it gives nobody its dictionary; with compression: Zstd, an address that ends in /xrpc/network.bsky.jetstream.subscribeEvents is needed',
  ],
  [
    'a sampled stream that is to be thinned out',
    '      generator: { seed: 7 }',
    '      x: { stream: Sample, tokenRef: { name: x, key: token }, quota: { perDay: 10 } }',
    'pipeline.yaml:8:63: spec.sources[0].x.quota.whenShort: Cannot thin out the sampled stream: X thins out by rules, which it has none of; write "whenShort: Pause"',
  ],
  [
    'a rule that samples and is to be thinned out',
    '      generator: { seed: 7 }',
    '      x: { rules: [{ name: r, value: "cats sample:5" }], tokenRef: { name: x, key: token }, quota: { perDay: 10 } }',
    'pipeline.yaml:8:38: spec.sources[0].x.rules[0].value: Cannot thin out the rule "r": it has a "sample:" itself, remove it or write "whenShort: Pause"',
  ],
  [
    'an artifact that is nowhere',
    './a.onnx',
    'ftp://models/a.onnx',
    'model.yaml:14:24: spec.variants[0].artifact.uri: Cannot load "ftp://models/a.onnx": it is none of the forms, a path, file:, http(s)://, s3://bucket/key, oci:folder:tag, pvc://claim/path or configmap://name/key is needed',
  ],
];

describe('a mistake is told with file, line, column, field and what to do', () => {
  test.each(mistakes)('%s', (_, from, to, ...lines) => {
    expect(said(small(from, to)).lines).toEqual(lines);
  });
});
