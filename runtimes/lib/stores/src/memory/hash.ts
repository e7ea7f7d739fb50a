import { textOf } from '../commands/row.ts';
import type { HashRow, RowValue } from '../key-value.ts';

/** A row as its writer gave it: exchanged, never changed. */
interface Row {
  names: readonly string[];
  values: readonly RowValue[];
  /** Another writer's, with other names. */
  next: Row | undefined;
}

/** With what the writer left alone. */
const changed = (own: readonly RowValue[], { values, before = [] }: HashRow): readonly RowValue[] =>
  values.map((value, i) => (value === (before[i] ?? null) ? (own[i] ?? null) : value));

/** Called with each write, so it makes no closure. */
const areNothing = (values: readonly RowValue[]): boolean => {
  for (const value of values) if (value !== null && value !== undefined) return false;
  return true;
};

const nothing: readonly never[] = Object.freeze([]);

/**
 * Fields with texts. Rows stay as they are as long as nobody writes single fields: exchanging one costs no look at its
 * fields, no text and no memory (docs/performance/path.md). Most have one row, and are that themselves: among so many,
 * to reach one object more costs as much as the rest.
 */
export class Hash implements Row {
  readonly kind = 'hash';
  /** Wall time, ms, from which on the key is gone. */
  deadline = Number.POSITIVE_INFINITY;
  names: readonly string[] = nothing;
  values: readonly RowValue[] = nothing;
  next: Row | undefined = undefined;
  #fields: Map<string, string> | undefined;

  set(fields: Readonly<Record<string, string>>): void {
    const own = this.#single();
    // Not `for in`: optimised for the shape of the objects seen so far, it is compiled anew with each other one that comes.
    for (const name of Object.keys(fields)) own.set(name, fields[name] as string);
  }

  setRow(row: HashRow): void {
    const { names, values, before } = row;
    let last: Row = this;
    for (let known: Row | undefined = this; known !== undefined; known = known.next) {
      if (known.names === names) {
        known.values = before === undefined || before === known.values ? values : changed(known.values, row);
        return;
      }
      last = known;
    }
    const isNew = this.#fields === undefined && before === undefined && !this.#shares(names);
    if (!isNew) this.#setFields(row);
    else if (this.names === nothing) this.#become({ names, values, next: this.next });
    else last.next = { names, values, next: undefined };
  }

  delete(names: readonly string[]): void {
    if (this.names === names) {
      this.#become({ names: nothing, values: nothing, next: this.next });
      return;
    }
    for (let before: Row = this; before.next !== undefined; before = before.next)
      if (before.next.names === names) {
        before.next = before.next.next;
        return;
      }
    const own = this.#single();
    for (const name of names) own.delete(name);
  }

  get(name: string): string | undefined {
    const value = this.value(name);
    return value === undefined ? undefined : textOf(value);
  }

  /** As it was given, where it is of a row. */
  value(name: string): Exclude<RowValue, null> | undefined {
    if (this.#fields !== undefined) return this.#fields.get(name);
    for (let row: Row | undefined = this; row !== undefined; row = row.next) {
      const at = row.names.indexOf(name);
      if (at !== -1) return row.values[at] ?? undefined;
    }
    return undefined;
  }

  entries(): readonly (readonly [name: string, text: string])[] {
    if (this.#fields !== undefined) return [...this.#fields];
    const found: [string, string][] = [];
    for (let row: Row | undefined = this; row !== undefined; row = row.next)
      for (const [i, name] of row.names.entries()) {
        const value = row.values[i] ?? null;
        if (value !== null) found.push([name, textOf(value)]);
      }
    return found;
  }

  isEmpty(): boolean {
    if (this.#fields !== undefined) return this.#fields.size === 0;
    for (let row: Row | undefined = this; row !== undefined; row = row.next) if (!areNothing(row.values)) return false;
    return true;
  }

  /** Whether a row has one of these fields, be it empty now. */
  #shares(names: readonly string[]): boolean {
    for (let row: Row | undefined = this; row !== undefined; row = row.next)
      if (row.names.some((name) => names.includes(name))) return true;
    return false;
  }

  /** The fields as single ones, from now on. */
  #single(): Map<string, string> {
    if (this.#fields !== undefined) return this.#fields;
    const fields = new Map(this.entries());
    this.#fields = fields;
    this.#become({ names: nothing, values: nothing, next: undefined });
    return fields;
  }

  #become({ names, values, next }: Row): void {
    this.names = names;
    this.values = values;
    this.next = next;
  }

  /** What is as it was before stands, whatever somebody else has made of it. */
  #setFields({ names, values, before }: HashRow): void {
    const own = this.#single();
    for (const [i, name] of names.entries()) {
      const value = values[i] ?? null;
      if (before !== undefined && (before[i] ?? null) === value) continue;
      if (value === null) own.delete(name);
      else own.set(name, textOf(value));
    }
  }
}
