import type { FeedProgram } from '@groundswell/graph';
import type { Running } from '@groundswell/process';

/** The half of a program that does the work; the rest is the same for all groups of a Feed. */
export interface Group extends Omit<Running, 'name' | 'update'> {
  /** Takes settings that changed live. */
  update(work: FeedProgram['work']): void | Promise<void>;
}
