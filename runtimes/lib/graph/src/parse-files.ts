import { group, parseResource } from '@groundswell/crds';
import { formatPath, inOrder, type Path, type Problem } from './problem.ts';
import { type LocatedResource, titleOf } from './resource.ts';
import { readYaml, type YamlValue } from './source/yaml-source.ts';

export interface SourceFile {
  /** As messages name it. */
  readonly path: string;
  readonly text: string;
}

export interface ParsedFiles {
  readonly resources: readonly LocatedResource[];
  readonly problems: readonly Problem[];
}

/** Reads all resources of the files, and finds all that is wrong with them by themselves. */
export const parseFiles = (files: readonly SourceFile[]): ParsedFiles => {
  const problems: Problem[] = [];
  const resources: LocatedResource[] = [];
  for (const { path, text } of files) {
    const read = readYaml(path, text);
    problems.push(...read.problems);
    resources.push(...read.broken.flatMap(itemsOf).flatMap(brokenResource));
    for (const value of read.documents.flatMap(itemsOf)) {
      const parsed = parseDocument(value);
      problems.push(...parsed.problems);
      resources.push(...parsed.resources);
    }
  }
  const { unique, repeated } = separateRepeats(resources);
  return { resources: unique, problems: inOrder([...problems, ...repeated]) };
};

/** The items of a `v1` List, as `kubectl get -o yaml` prints it; else the document itself. */
const itemsOf = (document: YamlValue): readonly YamlValue[] => {
  const { apiVersion, kind, items } = membersOf(document.value);
  if (apiVersion !== 'v1' || kind !== 'List' || !Array.isArray(items)) return [document];
  return items.flatMap((_, i) => document.part(['items', i]) ?? []);
};

const membersOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

const parseDocument = (document: YamlValue): ParsedFiles => {
  const problem = (severity: Problem['severity'], path: Path, message: string): Problem => ({
    ...document.place(path),
    severity,
    path: formatPath(path),
    message,
  });
  const { apiVersion, kind } = membersOf(document.value);
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') {
    const message = 'Cannot read the document: it is no Kubernetes object, apiVersion and kind are needed';
    return { resources: [], problems: [problem('error', [], message)] };
  }
  if (apiVersion.split('/')[0] !== group) {
    const message = `Cannot use the ${kind} of ${apiVersion}: only resources of ${group} are compiled, it is ignored`;
    return { resources: [], problems: [problem('warning', [], message)] };
  }
  const parsed = parseResource(document.value);
  const found = parsed.kind === 'parsed' ? [] : parsed.problems;
  const resource = { ...located(document, kind), resource: parsed.kind === 'parsed' ? parsed.resource : undefined };
  const problems = found.map(({ path, message }) =>
    problem('error', path, `Cannot accept ${titleOf(resource)}: ${sentence(path, message)}`),
  );
  return { resources: [resource], problems };
};

/** The schema's words, with the name of the field where they need one: `"evry" is no known field`. */
const sentence = (path: Path, message: string): string => {
  const field = path.findLast((key) => typeof key === 'string');
  return /^(is|must|has|cannot) /.test(message) && field !== undefined
    ? `${JSON.stringify(field)} ${message}`
    : message;
};

/** A document that could not be read counts as a resource that is wrong, if it says which one it is. */
const brokenResource = (document: YamlValue): readonly LocatedResource[] => {
  const { kind } = membersOf(document.value);
  return typeof kind === 'string' ? [located(document, kind)] : [];
};

const located = (document: YamlValue, kind: string): LocatedResource => {
  const { name, namespace } = membersOf(membersOf(document.value)['metadata']);
  return {
    kind,
    name: typeof name === 'string' ? name : '',
    namespace: typeof namespace === 'string' ? namespace : undefined,
    resource: undefined,
    written: document.value,
    place: document.place,
  };
};

/** The first of a kind and name counts; the others are told where it stands. */
const separateRepeats = (resources: readonly LocatedResource[]) => {
  const first = new Map<string, LocatedResource>();
  const repeated: Problem[] = [];
  for (const resource of resources) {
    const id = JSON.stringify([resource.kind, resource.namespace, resource.name]);
    const earlier = first.get(id);
    if (earlier === undefined || resource.name === '') {
      first.set(resource.name === '' ? `${id}${first.size}` : id, resource);
      continue;
    }
    const { file, line } = earlier.place(['metadata', 'name']);
    const message = `Cannot define ${titleOf(resource)} twice: it is also in ${file}:${line}, one of them must go`;
    repeated.push({ ...resource.place(['metadata', 'name']), severity: 'error', path: 'metadata.name', message });
  }
  return { unique: [...first.values()], repeated };
};
