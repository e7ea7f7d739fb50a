/**
 * A text that is made when somebody reads it, once. For what is written for others and mostly read by nobody, or only by
 * readers in the same process, who have the value that it is made of.
 */
export class LateText {
  #text: string | undefined;
  #make: (() => string) | undefined;

  /** @param make what it is made of must not change any more */
  constructor(make: () => string) {
    this.#make = make;
  }

  toString(): string {
    if (this.#make === undefined) return this.#text ?? '';
    this.#text = this.#make();
    this.#make = undefined;
    return this.#text;
  }
}
