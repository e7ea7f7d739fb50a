import { suggest } from '@groundswell/cel';
import type { FeatureWindow } from '@groundswell/crds';
import { parseTemplate, topicsOf } from '@groundswell/wire';
import type { Path } from '../problem.ts';
import type { Sink, Topic } from '../programs/index.ts';
import { isList } from './aggregations.ts';
import type { PartContext, WindowReading } from './context.ts';
import { isKeyField, keyNames } from './window-key.ts';

type Spec = FeatureWindow['spec'];
type Written = Spec['sinks'][number];

/** Times of a window, in templates. */
const timeNames = ['window_start', 'window_end'];

/** Keys of our own begin so. */
const reserved = 'gs:';

/** Names in a template, in order. */
export const namesIn = (template: string): readonly string[] => parseTemplate(template).filter((_, i) => i % 2 === 1);

/** Where a window without sinks writes: features find it there. */
const defaultTemplate = (name: string, spec: Pick<Spec, 'key'>): string =>
  [name, ...keyNames(spec).map((field) => `{${field}}`)].join(':');

/** The hash in which features find a window's newest values by key; undefined where it writes none. */
export const hashTemplateOf = (name: string, spec: Pick<Spec, 'key' | 'sinks'>): string | undefined => {
  if (spec.sinks.length === 0) return defaultTemplate(name, spec);
  const templates = spec.sinks.flatMap(({ redis }) => redis?.hash?.key ?? []);
  return templates.find((template) => !namesIn(template).some((part) => timeNames.includes(part)));
};

const topicOfSink = (pipeline: string, window: string, { name, compacted }: NonNullable<Written['topic']>): Topic => ({
  name: name ?? topicsOf(pipeline).results(window),
  ...(compacted ? { compacted: true } : {}),
});

/** A topic that the window writes its results to. */
export const resultsTopicOf = (pipeline: string, window: string, spec: Pick<Spec, 'sinks'>): Topic | undefined => {
  const [first] = spec.sinks.flatMap(({ topic }) => topic ?? []);
  return first && topicOfSink(pipeline, window, first);
};

export const compileSinks = (reading: WindowReading, context: PartContext): Sink[] => {
  const { name, spec } = reading;
  if (spec.sinks.length === 0) return [{ kind: 'hash', key: defaultTemplate(name, spec) }];
  return spec.sinks.flatMap((sink, i) => compileSink({ reading, context, sink, path: ['sinks', i] }) ?? []);
};

interface SinkParts {
  readonly reading: WindowReading;
  readonly context: PartContext;
  readonly sink: Written;
  readonly path: Path;
}

const compileSink = (parts: SinkParts): Sink | undefined => {
  const { reading, context, sink, path } = parts;
  if (sink.topic !== undefined) {
    return { kind: 'topic', topic: topicOfSink(context.name, reading.name, sink.topic) };
  }
  return sink.redis === undefined ? undefined : compileRedis({ ...parts, path: [...path, 'redis'] }, sink.redis);
};

type Redis = NonNullable<Written['redis']>;

const compileRedis = ({ reading, context, path }: SinkParts, redis: Redis): Sink | undefined => {
  const { hash, series, sortedSet, list, counter, tags } = redis;
  const keyOf = (kind: string, { key, member = '' }: { key: string; member?: string }): string =>
    checkTemplate(reading, [...path, kind, 'key'], { template: key, beside: member });
  if (hash !== undefined) return { kind: 'hash', key: keyOf('hash', hash), ...ttlOf(hash) };
  if (series !== undefined)
    return { kind: 'series', key: keyOf('series', series), keep: series.keep, ...ttlOf(series) };
  if (sortedSet !== undefined) {
    const { member, score, keep } = sortedSet;
    checkNames(reading, [...path, 'sortedSet', 'member'], member);
    checkValue(reading, { path: [...path, 'sortedSet', 'score'], name: score, wanted: 'a number' });
    const key = keyOf('sortedSet', sortedSet);
    checkRanking(reading, [...path, 'sortedSet'], key + member);
    return { kind: 'sortedSet', key, member, score, ...(keep === undefined ? {} : { keep }), ...ttlOf(sortedSet) };
  }
  if (list !== undefined) {
    const { value, keep } = list;
    checkValue(reading, { path: [...path, 'list', 'value'], name: value, wanted: 'a list' });
    return { kind: 'list', key: keyOf('list', list), value, keep, ...ttlOf(list) };
  }
  if (counter !== undefined) {
    checkValue(reading, { path: [...path, 'counter', 'value'], name: counter.value, wanted: 'a number' });
    return { kind: 'counter', key: keyOf('counter', counter), value: counter.value, ...ttlOf(counter) };
  }
  return tags === undefined ? undefined : { kind: 'tags', key: keyOf('tags', tags), ttlMs: longestTag(context, tags) };
};

const ttlOf = ({ ttl }: { readonly ttl?: number | undefined }) => (ttl === undefined ? {} : { ttlMs: ttl });

/** Of all windows that write tags there: none may let those of another one go too early. */
const longestTag = ({ windows }: PartContext, { key }: NonNullable<Redis['tags']>): number => {
  const writers = [...windows.values()].filter(({ sinks }) => sinks.some(({ redis }) => redis?.tags?.key === key));
  return Math.max(1, ...writers.map(({ window }) => window.pattern?.keepTag ?? 0));
};

/** A sink that takes one value of the window. */
const checkValue = (
  { spec, refuse }: WindowReading,
  { path, name, wanted }: { readonly path: Path; readonly name: string; readonly wanted: 'a number' | 'a list' },
): void => {
  const names = spec.aggregations.map((aggregation) => aggregation.name);
  const found = spec.aggregations.find((aggregation) => aggregation.name === name);
  const cannot = `Cannot write ${JSON.stringify(name)}`;
  if (found === undefined) refuse(path, `${cannot}: the window has no such aggregation, ${suggest(name, names)}`);
  else if (isList(found) && wanted === 'a number') refuse(path, `${cannot}: it is a list, a number is needed`);
  else if (!isList(found) && wanted === 'a list')
    refuse(path, `${cannot} as a list: it is one value, a lastN or topK is needed (a series keeps a history)`);
};

/** A firing that tells only what changed leaves gaps in the ranking of one window. */
const checkRanking = ({ spec, refuse }: WindowReading, path: Path, templates: string): void => {
  const isPerWindow = namesIn(templates).some((name) => timeNames.includes(name));
  if (isPerWindow && spec.window.hop !== undefined && spec.emit !== 'EveryWindow')
    refuse(path, 'Cannot rank each window apart: only keys that changed are told, set emit: EveryWindow');
};

/** Every name must be known. */
const checkNames = ({ spec, refuse }: WindowReading, path: Path, template: string): void => {
  if (!spec.key.every((field) => isKeyField(spec, field))) return;
  const own = keyNames(spec);
  for (const name of namesIn(template))
    if (!own.includes(name) && !timeNames.includes(name))
      refuse(
        path,
        `Cannot write to ${JSON.stringify(template)}: "${name}" is no field of the window's key, ${suggest(name, [...own, ...timeNames])}`,
      );
};

/** Every key of the window must have a place of its own; `beside` is what tells them apart under one key. */
const checkTemplate = (
  reading: WindowReading,
  path: Path,
  { template, beside }: { readonly template: string; readonly beside: string },
): string => {
  const { spec, refuse } = reading;
  if (!spec.key.every((field) => isKeyField(spec, field))) return template;
  checkNames(reading, path, template);
  const cannot = `Cannot write to ${JSON.stringify(template)}`;
  const used = [...namesIn(template), ...namesIn(beside)];
  const lacking = keyNames(spec).filter((name) => !used.includes(name));
  if (lacking.length > 0)
    refuse(
      path,
      `${cannot}: all values of ${lacking.join(', ')} would share one key, ${lacking.map((name) => `{${name}}`).join(' and ')} must be in it`,
    );
  if (template.startsWith(reserved))
    refuse(path, `${cannot}: keys that begin with "${reserved}" are Groundswell's own, another one is needed`);
  return template;
};
