import { joinedEnvironment } from '../environments.ts';
import type { WindowProgram } from '../programs/index.ts';
import type { WindowReading } from './context.ts';
import { joinNames } from './joins.ts';
import { warnOfWhatStays } from './what-stays.ts';

type Written = NonNullable<WindowReading['spec']['window']['pattern']>;
type Pattern = Extract<WindowProgram['shape'], { kind: 'pattern' }>;

export const compilePattern = (reading: WindowReading, { sequence, within, afterMatch }: Written): Pattern => {
  const { spec, refuse } = reading;
  if (spec.watermark.allowedLateness > 0)
    refuse(
      ['watermark', 'allowedLateness'],
      'Cannot use "allowedLateness" here: events of a pattern wait for the watermark and a match is never corrected, remove it',
    );
  // A pattern with a tag alone has its sinks for that.
  if (spec.aggregations.length > 0) warnOfWhatStays(reading, 'a match is not followed by an empty one');
  return {
    kind: 'pattern',
    sequence: sequence.map((_, i) => compileStep(reading, sequence, i)),
    withinMs: within,
    afterMatch,
  };
};

const compileStep = (reading: WindowReading, sequence: Written['sequence'], i: number): Pattern['sequence'][number] => {
  const { name, where, times, contiguity, absent } = sequence[i]!;
  const path = ['window', 'pattern', 'sequence', i];
  const never = (field: string): void =>
    reading.refuse([...path, field], `Cannot use "${field}" here: the step must not come at all, remove it`);
  if (absent && times !== undefined) never('times');
  if (absent && contiguity === 'Strict') never('contiguity');
  const min = times?.min ?? 1;
  return {
    name,
    where: reading.expression([...path, 'where'], where, joinedEnvironment(joinNames(reading.spec))),
    min,
    max: times?.max ?? min,
    strict: contiguity === 'Strict',
    absent,
  };
};

/** What a match says of its key; somebody must write it. */
export const compileTag = (reading: WindowReading): WindowProgram['tag'] => {
  const { tag, keepTag } = reading.spec.window.pattern ?? {};
  if (tag === undefined || keepTag === undefined) return undefined;
  const { sinks } = reading.spec;
  if (
    !sinks.some(({ redis, topic }) => redis?.tags !== undefined || redis?.series !== undefined || topic !== undefined)
  )
    reading.refuse(
      ['window', 'pattern', 'tag'],
      `Cannot give the tag "${tag}": no sink writes it, add redis.tags or topic to the sinks`,
    );
  return { name: tag, keepMs: keepTag };
};
