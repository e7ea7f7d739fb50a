import { suggest } from '@groundswell/cel';
import { topicsOf } from '@groundswell/wire';
import { environmentWhere, eventFields, joinedEnvironment } from '../environments.ts';
import type { WindowProgram } from '../programs/index.ts';
import { compileAggregations } from './aggregations.ts';
import type { PartContext, WindowReading } from './context.ts';
import { compileDelivery } from './delivery.ts';
import { compileFlink } from './flink.ts';
import { compileJoins, joinNames } from './joins.ts';
import { compileLimits } from './limits.ts';
import { compileTag } from './pattern.ts';
import { retriesOf } from './retries.ts';
import type { Unhashed } from './revision.ts';
import { compileShape } from './shape.ts';
import { compileSinks } from './sinks.ts';
import { mayBeThinned } from './thinned.ts';
import { compileVolume } from './volume.ts';
import { isKeyField, keyName } from './window-key.ts';

export const compileWindow = (reading: WindowReading, context: PartContext): Unhashed<WindowProgram> | undefined => {
  const { name, spec } = reading;
  const shape = compileShape(reading);
  const input = inputOf(reading, context);
  const joins = compileJoins(reading);
  checkKey(reading);
  const aggregations = compileAggregations(reading);
  const sinks = compileSinks(reading, context);
  const tag = compileTag(reading);
  const { maxOutOfOrderness, idleTimeout, allowedLateness, lateEvents } = spec.watermark;
  const program: Omit<Unhashed<WindowProgram>, 'shape'> = {
    kind: 'window',
    name: `window-${name}`,
    pipeline: spec.pipelineRef.name,
    window: name,
    input,
    ...joins,
    ...compileDelivery(reading, context, joins),
    ...compileLimits(reading),
    ...compileVolume(reading),
    saveEveryMs: spec.state.saveEvery,
    ...compileUpdate(reading),
    key: [...spec.key],
    head: spec.window.head,
    emit: spec.emit,
    watermark: {
      maxOutOfOrdernessMs: maxOutOfOrderness,
      ...(idleTimeout === undefined ? {} : { idleTimeoutMs: idleTimeout }),
    },
    allowedLatenessMs: allowedLateness,
    ...(lateEvents === 'Topic' ? { lateTopic: { name: topicsOf(context.name).late(name) } } : {}),
    deadLetters: context.topics.deadLetters,
    // Flink tries again by its own rules.
    ...(spec.engine === 'Flink' ? {} : retriesOf(spec.deadLetters)),
    ...(tag !== undefined && { tag }),
    ...(spec.window.pattern === undefined &&
      mayBeThinned(context.reading?.spec.sources ?? []) && { thinned: true as const }),
    aggregations,
    sinks,
  };
  if (shape === undefined) return undefined;
  const flink = compileFlink(reading, context, { ...program, shape });
  return { ...program, shape, ...(flink !== undefined && { flink }) };
};

/** Flink is stopped and started anew; its operator knows how. */
const compileUpdate = ({ spec }: WindowReading): Pick<WindowProgram, 'update'> => {
  if (spec.engine === 'Flink') return {};
  const { warmFrom, maxWarmUp, keepOld } = spec.update;
  return { update: { warmFrom, maxWarmUpMs: maxWarmUp, keepOldMs: keepOld } };
};

const inputOf = (reading: WindowReading, { topics, reading: pipeline }: PartContext): WindowProgram['input'] => {
  const { topic, where, time } = reading.spec.input;
  if (pipeline !== undefined && topic !== 'events' && topic !== topics.events.name)
    reading.refuse(
      ['input', 'topic'],
      `Cannot read the topic ${JSON.stringify(topic)}: only the events of the pipeline are supported yet, write events`,
    );
  if (time !== 'at') reading.notYet(['input', 'time'], 'use at');
  if (where === undefined) return { topic: topics.events };
  const environment = joinedEnvironment(joinNames(reading.spec), environmentWhere(where));
  return { topic: topics.events, where: reading.expression(['input', 'where'], where, environment) };
};

const checkKey = ({ spec, refuse }: WindowReading): void => {
  const names = new Map<string, number>();
  spec.key.forEach((field, i) => {
    if (field.startsWith('outcome.'))
      refuse(
        ['key', i],
        `Cannot count by ${JSON.stringify(field)}: it is known only in hindsight, another field is needed`,
      );
    else if (!isKeyField(spec, field))
      refuse(
        ['key', i],
        `Cannot count by ${JSON.stringify(field)}: events have no such field, ${suggest(field, eventFields)}`,
      );
    const name = keyName(field);
    const earlier = names.get(name);
    if (earlier !== undefined)
      refuse(
        ['key', i],
        `Cannot count by ${JSON.stringify(field)}: key[${earlier}] has the name "${name}" in templates too, one of them must go`,
      );
    names.set(name, i);
  });
};
