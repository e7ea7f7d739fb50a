import { type CelEnvironment, suggest } from '@groundswell/cel';
import { eventFields, isEventField, mappingEnvironment, rowEnvironment } from '../../environments.ts';
import type { Path } from '../../problem.ts';
import type { PipelineReading } from '../context.ts';

export const timeUnits = { Seconds: 's', Milliseconds: 'ms', Microseconds: 'us', Iso8601: 'iso' } as const;

/** What an event cannot be without and nobody else can know. */
const required: readonly string[] = ['type', 'at', 'post_id', 'user_id', 'author_id'];

/** They decide which row is the first of its post, so they cannot ask for it. */
const early: readonly string[] = ['at', 'post_id'];

/** Set by ingest itself. */
const own: readonly string[] = ['source', 'ingested_at'];

const targets = eventFields.filter((field) => !own.includes(field));

const checkTarget = (reading: PipelineReading, field: string, path: Path): void => {
  const cannot = `Cannot map to ${JSON.stringify(field)}`;
  if (own.includes(field)) reading.refuse(path, `${cannot}: ingest sets it itself, remove it`);
  else if (!isEventField(field))
    reading.refuse(path, `${cannot}: events have no such field, ${suggest(field, targets)}`);
};

export interface MappingOptions {
  readonly path: Path;
  /** Whether rows before this one are known: `first` and `root` are there. */
  readonly hasHistory: boolean;
}

/** Checks a mapping, and gives it back. */
export const mappingOf = (
  reading: PipelineReading,
  written: Readonly<Record<string, string>>,
  { path, hasHistory }: MappingOptions,
): Record<string, string> => {
  const mapping = { ...written };
  for (const [field, source] of Object.entries(mapping)) {
    const environment: CelEnvironment = hasHistory && !early.includes(field) ? mappingEnvironment : rowEnvironment;
    reading.expression([...path, field], source, environment);
    checkTarget(reading, field, [...path, field]);
  }
  const lacking = required.filter((field) => !(field in mapping));
  if (lacking.length > 0)
    reading.refuse(
      path,
      `Cannot make events of the rows: the mapping lacks ${lacking.join(', ')}, each event needs them`,
    );
  return mapping;
};
