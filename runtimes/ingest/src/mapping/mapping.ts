import { type CelProgram, compileCel, nearest, referencesOf } from '@groundswell/cel';
import type { ReplayReader } from '@groundswell/graph';
import type { Draft } from '../validate.ts';
import { type Conversion, conversionOf, isAbsent, mappableFields } from './convert.ts';
import { Misfit } from './misfit.ts';
import type { Row } from './row.ts';

export type FileConfig = ReplayReader['files'][number];

/** What to map, and by what. `path` names it in messages. */
export type MappingConfig = Pick<FileConfig, 'path' | 'mapping' | 'timeUnit' | 'where'>;

/** A file's mapping, compiled. Nothing of it throws; what does not fit is a `Misfit`. */
export interface Mapping {
  takes(row: Row): boolean;
  at(row: Row): number | Misfit;
  /** undefined for a row that is about no post. */
  postId(row: Row): string | undefined | Misfit;
  /** The type alone, which may ask for `first` and `root`. */
  type(row: Row, history: History): unknown;
  draft(row: Row, history: History): Draft | Misfit;
}

/** What came before a row. */
export interface History {
  readonly first: boolean;
  readonly root: Row | undefined;
}

interface Field {
  readonly name: string;
  /** For `user`, `attributes` and `outcome`: the part before and after the dot. */
  readonly group: string | undefined;
  readonly key: string;
  readonly run: CelProgram;
  readonly conversion: Conversion;
}

const byRow = ['row'];
const byHistory = ['row', 'first', 'root'];
const early = ['at', 'post_id'];

/** @throws Error for expressions that do not compile and fields that an event does not have */
export const compileMapping = (file: MappingConfig): Mapping => {
  const compile = (source: string, variables: readonly string[], what: string): CelProgram => {
    try {
      return compileCel(source, { variables });
    } catch (error) {
      throw new Error(`Cannot map "${what}" of "${file.path}": ${(error as Error).message}`, { cause: error });
    }
  };
  const fieldOf = (name: string): Field => {
    const conversion = conversionOf(name, file.timeUnit);
    if (conversion === undefined) throw new Error(unknownField(file.path, name));
    const dot = name.indexOf('.');
    const run = compile(file.mapping[name] ?? '', early.includes(name) ? byRow : byHistory, name);
    const [group, key] = dot < 0 ? [undefined, name] : [name.slice(0, dot), name.slice(dot + 1)];
    return { name, group, key, run, conversion };
  };
  const fields = Object.keys(file.mapping).map(fieldOf);
  const need = (name: string): Field => {
    const field = fields.find((known) => known.name === name);
    if (field !== undefined) return field;
    throw new Error(`Cannot map "${file.path}": its mapping has no "${name}", which every event needs`);
  };
  const where = file.where === undefined ? undefined : compile(file.where, byRow, 'where');
  const at = need('at');
  const type = need('type');
  const postId = fields.find(({ name }) => name === 'post_id');

  return {
    takes: (row) => where === undefined || where({ row }) === true,
    at: (row) => {
      const value = fieldValue(at, { row });
      return value === undefined ? new Misfit('at is missing') : (value as number | Misfit);
    },
    postId: (row) => (postId === undefined ? undefined : (fieldValue(postId, { row }) as string | undefined | Misfit)),
    type: (row, history) => type.run({ row, first: history.first, root: history.root }),
    draft: (row, history) => draftOf(fields, { row, first: history.first, root: history.root }),
  };
};

const fieldValue = ({ name, run, conversion }: Field, scope: Readonly<Record<string, unknown>>): unknown => {
  const value = run(scope);
  if (isAbsent(value)) return undefined;
  const converted = conversion.convert(value);
  if (converted !== undefined) return converted;
  return new Misfit(`${name} is ${JSON.stringify(value)}, ${conversion.needs} is needed`);
};

const draftOf = (fields: readonly Field[], scope: Readonly<Record<string, unknown>>): Draft | Misfit => {
  const draft: Record<string, unknown> = {};
  for (const field of fields) {
    const value = fieldValue(field, scope);
    if (value === undefined) continue;
    if (value instanceof Misfit) return value;
    if (field.group === undefined) draft[field.key] = value;
    else {
      draft[field.group] ??= {};
      (draft[field.group] as Record<string, unknown>)[field.key] = value;
    }
  }
  return draft;
};

const unknownField = (path: string, name: string): string => {
  const near = nearest(name, mappableFields);
  const hint = near === undefined ? `known are ${mappableFields.join(', ')}` : `did you mean "${near}"?`;
  return `Cannot map "${path}": an event has no field "${name}", ${hint}`;
};

/** Names of the columns that a file's expressions read through a variable; undefined where they read it as a whole. */
export const columnsRead = (file: FileConfig, variable: 'row' | 'root'): ReadonlySet<string> | undefined => {
  const columns = new Set<string>();
  for (const source of [...Object.values(file.mapping), ...(file.where === undefined ? [] : [file.where])]) {
    for (const { path } of referencesOf(source).paths) {
      if (path[0] !== variable) continue;
      if (path[1] === undefined) return undefined;
      columns.add(path[1]);
    }
  }
  return columns;
};

/** Columns that an expression reads and the header does not have, but for those that it asks for with `has` or `.?`. */
export const missingColumns = (
  file: FileConfig,
  variable: 'row' | 'root',
  columns: ReadonlySet<string>,
): readonly { readonly field: string; readonly column: string }[] =>
  Object.entries({ ...file.mapping, ...(file.where === undefined ? {} : { where: file.where }) }).flatMap(
    ([field, source]) => {
      const read = referencesOf(source).paths.filter(({ path }) => path[0] === variable && path[1] !== undefined);
      const askedFor = new Set(read.filter(({ optional }) => optional).map(({ path }) => path[1]));
      const missing = read
        .map(({ path }) => path[1] as string)
        .filter((name) => !askedFor.has(name) && !columns.has(name));
      return [...new Set(missing)].map((column) => ({ field, column }));
    },
  );

/** Whether the mapping asks what came before: then rows by post have to be remembered. */
export const asksForHistory = (file: FileConfig): boolean =>
  Object.values(file.mapping).some((source) =>
    referencesOf(source).paths.some(({ path }) => path[0] === 'first' || path[0] === 'root'),
  );
