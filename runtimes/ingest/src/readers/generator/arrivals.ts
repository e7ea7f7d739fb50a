import { type Action, type ActionKind, actionKinds } from './cascade.ts';
import type { Delivery } from './delivery.ts';
import type { Post } from './post.ts';

/** Numbers of a row: kind, number, member, parent, repeat. */
const width = 5;

const doubled = <T extends Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>>(values: T, longer: T): T => {
  longer.set(values);
  return longer;
};

/**
 * What arrives in one slot of time, as a table: most of it is on its way for hours, and the garbage collector would copy an
 * object for each of them (docs/performance/path.md).
 */
export class Arrivals {
  #count = 0;
  #arrivesAt = new Float64Array(16);
  #at = new Float64Array(16);
  #numbers = new Int32Array(16 * width);
  readonly #posts: Post[] = [];

  add({ kind, number, at, member, parent }: Action, { arrivesAt, post, repeat }: Omit<Delivery, keyof Action>): void {
    const row = this.#count++;
    if (row === this.#at.length) this.#grow();
    this.#arrivesAt[row] = arrivesAt;
    this.#at[row] = at;
    this.#posts.push(post);
    const from = row * width;
    this.#numbers[from] = actionKinds.indexOf(kind);
    this.#numbers[from + 1] = number;
    this.#numbers[from + 2] = member;
    this.#numbers[from + 3] = parent;
    this.#numbers[from + 4] = repeat;
  }

  /**
   * Rows in the order of arrival. Which of two at the same moment comes first depends on names only, so any part of a
   * stream is ordered as the whole.
   */
  inOrder(): Int32Array {
    const rows = this.#rowsByTime();
    for (let i = 0; i < rows.length; ) {
      let next = i + 1;
      while (next < rows.length && this.#arrivesAt[rows[next]!] === this.#arrivesAt[rows[i]!]) next++;
      if (next > i + 1) rows.subarray(i, next).sort((a, b) => byName(this.delivery(a), this.delivery(b)));
      i = next;
    }
    return rows;
  }

  delivery(row: number): Delivery {
    const from = row * width;
    return {
      arrivesAt: this.#arrivesAt[row]!,
      post: this.#posts[row]!,
      kind: actionKinds[this.#numbers[from]!] as ActionKind,
      number: this.#numbers[from + 1]!,
      at: this.#at[row]!,
      member: this.#numbers[from + 2]!,
      parent: this.#numbers[from + 3]!,
      repeat: this.#numbers[from + 4]!,
    };
  }

  /** Sorted as numbers, which takes no comparison of ours: a time, and behind it the row. */
  #rowsByTime(): Int32Array {
    const count = this.#count;
    let earliest = Infinity;
    for (let row = 0; row < count; row++) earliest = Math.min(earliest, this.#arrivesAt[row]!);
    const sorted = new Float64Array(count);
    for (let row = 0; row < count; row++) sorted[row] = (this.#arrivesAt[row]! - earliest) * count + row;
    sorted.sort();
    return Int32Array.from(sorted, (value) => value % count);
  }

  #grow(): void {
    const length = this.#at.length * 2;
    this.#arrivesAt = doubled(this.#arrivesAt, new Float64Array(length));
    this.#at = doubled(this.#at, new Float64Array(length));
    this.#numbers = doubled(this.#numbers, new Int32Array(length * width));
  }
}

const byName = (a: Delivery, b: Delivery): number =>
  (a.post.id < b.post.id ? -1 : a.post.id > b.post.id ? 1 : 0) || a.number - b.number || a.repeat - b.repeat;
