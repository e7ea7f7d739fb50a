import type { ASTNode } from '@marcbachmann/cel-js';
import { type Code, type Compiling, code, constantCode, failAt } from './code.ts';
import { suggest } from './did-you-mean.ts';
import { type CelShape, constants } from './environment.ts';

type Node<Op extends ASTNode['op']> = Extract<ASTNode, { readonly op: Op }>;

/** Names that every object, list or Map has without its writer's doing. They are looked up the slow way. */
const isInherited = (name: string): boolean =>
  name in Object.prototype || name in Array.prototype || name in Map.prototype;

/** The member of that name; absent where there is none, or where `value` is no object. */
const memberOf = (value: unknown, name: string): unknown => {
  if (typeof value !== 'object' || value === null) return undefined;
  if (value instanceof Map) return value.get(name);
  if (Array.isArray(value) || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
};

const readMember = ({ run }: Code, name: string): Code => {
  if (isInherited(name)) return code((scope) => memberOf(run(scope), name));
  return code((scope) => {
    const value = run(scope);
    if (typeof value !== 'object' || value === null) return undefined;
    const found = (value as Readonly<Record<string, unknown>>)[name];
    return found === undefined && value instanceof Map ? value.get(name) : found;
  });
};

/** The element at a whole position of a list, or the member of a map by key. */
const elementOf = (value: unknown, key: unknown): unknown => {
  if (Array.isArray(value)) return typeof key === 'number' ? value[key] : undefined;
  if (value instanceof Map) return value.get(key);
  if (typeof key === 'string') return memberOf(value, key);
  return typeof key === 'number' || typeof key === 'boolean' ? memberOf(value, String(key)) : undefined;
};

/** A variable by itself. */
export const compileId = (compiling: Compiling, node: Node<'id'>): Code => {
  const shape = compiling.environment.shapes?.[node.args];
  if (shape?.kind === 'fields' && !compiling.locals.has(node.args))
    return failAt(compiling, node, `"${node.args}" stands by itself, one of its fields is needed`);
  return compileVariable(compiling, node);
};

const compileVariable = (compiling: Compiling, node: Node<'id'>): Code => {
  const { environment, locals } = compiling;
  const name = node.args;
  const cell = locals.get(name);
  if (cell !== undefined) return code(() => cell.value);
  if (environment.variables.includes(name))
    return isInherited(name) ? code((scope) => memberOf(scope, name)) : code((scope) => scope[name]);
  if (Object.hasOwn(constants, name)) return constantCode(constants[name]);
  const known = [...locals.keys(), ...environment.variables];
  return failAt(compiling, node, `unknown variable "${name}", ${suggest(name, known)}`);
};

/** `a.b`, `a.?b`, `a['b']` and `a[0]`. Members of something absent are absent. */
export const compileAccess = (compiling: Compiling, node: Node<'.' | '.?' | '[]' | '[?]'>): Code => {
  checkShape(compiling, node);
  const [target, key] = node.args;
  const base = target.op === 'id' ? compileVariable(compiling, target) : compiling.part(target);
  if (typeof key === 'string') return readMember(base, key);
  const index = compiling.part(key);
  if (typeof index.constant === 'string') return readMember(base, index.constant);
  return code((scope) => elementOf(base.run(scope), index.run(scope)));
};

/** Refuses a member that the shape of its variable does not have, or that may not be read here. */
const checkShape = (compiling: Compiling, node: Node<'.' | '.?' | '[]' | '[?]'>): void => {
  const shape = shapeOf(compiling, node.args[0]);
  if (shape === undefined || shape.kind === 'open') return;
  if (nameOf(node) === undefined) failAt(compiling, node, 'a computed name is used, the name of a field is needed');
  fieldOf(compiling, node, shape);
};

const shapeOf = (compiling: Compiling, node: ASTNode): CelShape | undefined => {
  if (node.op === 'id') return compiling.locals.has(node.args) ? undefined : compiling.environment.shapes?.[node.args];
  if (node.op !== '.' && node.op !== '.?' && node.op !== '[]' && node.op !== '[?]') return undefined;
  const shape = shapeOf(compiling, node.args[0]);
  return shape?.kind === 'fields' ? fieldOf(compiling, node, shape) : undefined;
};

const fieldOf = (
  compiling: Compiling,
  node: Node<'.' | '.?' | '[]' | '[?]'>,
  shape: CelShape,
): CelShape | undefined => {
  const name = nameOf(node);
  if (shape.kind !== 'fields' || name === undefined) return undefined;
  const field = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
  if (field === undefined)
    return failAt(compiling, node, `unknown field "${name}", ${suggest(name, Object.keys(shape.fields))}`);
  if (field.kind === 'refused') return failAt(compiling, node, `"${name}" may not be read here, ${field.why}`);
  return field;
};

/** The name that an access asks for, where it stands in the text. */
const nameOf = (node: Node<'.' | '.?' | '[]' | '[?]'>): string | undefined => {
  const key = node.args[1];
  if (typeof key === 'string') return key;
  return key.op === 'value' && typeof key.args === 'string' ? key.args : undefined;
};

/** `has(a.b)`: whether the member is there. False also where `a` itself is absent. */
export const compileHas = (compiling: Compiling, node: Node<'call'>): Code => {
  const [target, ...others] = node.args[1];
  const isField = target?.op === '.' || target?.op === '.?' || target?.op === '[]' || target?.op === '[?]';
  if (!isField || others.length > 0) return failAt(compiling, node, 'has() takes one field, as in has(event.text)');
  const { run } = compiling.part(target);
  return code((scope) => run(scope) !== undefined);
};
