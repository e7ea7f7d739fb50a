import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  visit,
} from 'yaml';
import type { Path, Place, Problem } from '../problem.ts';

/** A value in a YAML file, and where it and its parts stand. */
export interface YamlValue {
  /** Plain data, as JSON would hold it. */
  readonly value: unknown;
  /**
   * Where the field at `path` stands, or the innermost around it that is there.
   *
   * @param offset  into the text of the field, for expressions: counted from its first character
   */
  place(path: Path, offset?: number): Place;
  /** A part of it as a value of its own; undefined where there is none. */
  part(path: Path): YamlValue | undefined;
}

export interface YamlFile {
  /** Documents that could be read. Empty ones are left out. */
  readonly documents: readonly YamlValue[];
  /** What could be made out of those that are broken; only to know what they were meant to be. */
  readonly broken: readonly YamlValue[];
  readonly problems: readonly Problem[];
}

/** Reads a file of YAML documents. One that is broken is reported and left out; the others are read. */
export const readYaml = (file: string, text: string): YamlFile => {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false });
  const documents: readonly Document.Parsed[] = 'empty' in parsed ? [] : parsed;
  const problems: Problem[] = [];
  const values: YamlValue[] = [];
  const broken: YamlValue[] = [];
  for (const document of documents) {
    const complain = (severity: Problem['severity'], { pos, message }: { pos: [number, number]; message: string }) =>
      problems.push({
        ...placeOf(file, lines, pos[0]),
        severity,
        path: '',
        message: `Cannot read the YAML: ${lower(message)}`,
      });
    for (const warning of document.warnings) complain('warning', warning);
    for (const error of document.errors) complain('error', error);
    const { contents } = document;
    if (contents === null || (isScalar(contents) && contents.value === null)) continue;
    try {
      const list = document.errors.length > 0 ? broken : values;
      list.push(yamlValue({ file, text, lines, document }, contents));
    } catch (error) {
      // Aliases are followed only now: one may go nowhere, or many make the document explode.
      if (!(error instanceof ReferenceError)) throw error;
      if (document.errors.length === 0) complain('error', { pos: lostAlias(document), message: error.message });
    }
  }
  return { documents: values, broken, problems };
};

interface Source {
  readonly file: string;
  readonly text: string;
  readonly lines: LineCounter;
  readonly document: Document.Parsed;
}

const placeOf = (file: string, lines: LineCounter, offset: number): Place => {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
};

/** Where an alias stands whose anchor is not there, else where the document begins. */
const lostAlias = (document: Document.Parsed): [number, number] => {
  let pos: [number, number] = [document.range[0], 0];
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) !== undefined || !alias.range) return undefined;
      pos = [alias.range[0], 0];
      return visit.BREAK;
    },
  });
  return pos;
};

const lower = (message: string): string => message.charAt(0).toLowerCase() + message.slice(1);

const yamlValue = (source: Source, node: Node): YamlValue => ({
  value: node.toJS(source.document, { maxAliasCount: 1000 }),
  place: (path, offset = 0) => {
    const { key, value } = walk(source, node, path);
    const start = startOf(source, key, value, offset);
    return placeOf(source.file, source.lines, start);
  },
  part: (path) => {
    const { value, found } = walk(source, node, path);
    return found && value !== undefined ? yamlValue(source, value) : undefined;
  },
});

interface Found {
  /** The key under which the value stands, where it is a member of a map. */
  readonly key: Node | undefined;
  readonly value: Node | undefined;
  /** False where the path goes further than the document. */
  readonly found: boolean;
}

const walk = (source: Source, root: Node, path: Path): Found => {
  let at: Found = { key: undefined, value: resolved(source, root), found: true };
  for (const step of path) {
    const next = stepInto(source, at.value, step);
    if (next === undefined) return { ...at, found: false };
    at = next;
  }
  return at;
};

const stepInto = (source: Source, node: Node | undefined, step: string | number): Found | undefined => {
  if (!isCollection(node)) return undefined;
  if (!isMap(node)) {
    const item = typeof step === 'number' ? (node.items[step] as Node | undefined) : undefined;
    return item === undefined ? undefined : { key: undefined, value: resolved(source, item), found: true };
  }
  const pair = (node.items as readonly Pair<Node, Node | null>[]).find(
    ({ key }) => isScalar(key) && String(key.value) === String(step),
  );
  return pair === undefined ? undefined : { key: pair.key, value: resolved(source, pair.value), found: true };
};

const resolved = ({ document }: Source, node: Node | null | undefined): Node | undefined =>
  (isAlias(node) ? node.resolve(document) : node) ?? undefined;

/** A scalar begins at its text; a map or list, which may begin on the next line, at its key. */
const startOf = ({ text }: Source, key: Node | undefined, value: Node | undefined, offset: number): number => {
  const [start, end] = value?.range ?? key?.range ?? [0, 0];
  if (!isScalar(value)) return key?.range?.[0] ?? start;
  // Only where the text stands in the file as it is (no escapes, no folded lines) can a place in it be told.
  const inside = typeof value.value === 'string' ? text.slice(start, end).indexOf(value.value) : -1;
  return offset > 0 && inside >= 0 ? start + inside + offset : start;
};
