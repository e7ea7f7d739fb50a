import { suggest } from '@groundswell/cel';
import type { FeatureWindow } from '@groundswell/crds';
import { parseTemplate, topicsOf } from '@groundswell/wire';
import type { Path } from '../problem.ts';
import type { Sink } from '../programs/index.ts';
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

const compileSink = ({ reading, context, sink: { redis, topic }, path }: SinkParts): Sink | undefined => {
  if (topic !== undefined) {
    const name = topic.name ?? topicsOf(context.name).results(reading.name);
    return { kind: 'topic', topic: { name, ...(topic.compacted ? { compacted: true } : {}) } };
  }
  if (redis === undefined) return undefined;
  const { hash, series, ...others } = redis;
  if (hash !== undefined) {
    const key = checkTemplate(reading, [...path, 'redis', 'hash', 'key'], hash.key);
    return { kind: 'hash', key, ...(hash.ttl === undefined ? {} : { ttlMs: hash.ttl }) };
  }
  if (series !== undefined) {
    const key = checkTemplate(reading, [...path, 'redis', 'series', 'key'], series.key);
    return { kind: 'series', key, keep: series.keep };
  }
  for (const kind of ['sortedSet', 'list', 'counter', 'tags'] as const)
    if (others[kind] !== undefined) reading.notYet([...path, 'redis', kind], 'use hash or series');
  return undefined;
};

/** Every key of the window must have a place of its own, and every name must be known. */
const checkTemplate = ({ spec, refuse }: WindowReading, path: Path, template: string): string => {
  if (!spec.key.every(isKeyField)) return template;
  const own = keyNames(spec);
  const used = namesIn(template);
  const cannot = `Cannot write to ${JSON.stringify(template)}`;
  for (const name of used)
    if (!own.includes(name) && !timeNames.includes(name))
      refuse(path, `${cannot}: "${name}" is no field of the window's key, ${suggest(name, [...own, ...timeNames])}`);
  const lacking = own.filter((name) => !used.includes(name));
  if (lacking.length > 0)
    refuse(
      path,
      `${cannot}: all values of ${lacking.join(', ')} would share one key, ${lacking.map((name) => `{${name}}`).join(' and ')} must be in it`,
    );
  if (template.startsWith(reserved))
    refuse(path, `${cannot}: keys that begin with "${reserved}" are Groundswell's own, another one is needed`);
  return template;
};
