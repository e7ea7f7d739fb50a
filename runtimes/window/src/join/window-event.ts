import type { SocialEvent } from '@groundswell/wire';
import type { Row } from './versioned-table.ts';

/** By the name of the join; null: there is none. */
export type Rows = Readonly<Record<string, Row | null>>;

/** An event with the rows that belong to it, where its window joins tables. */
export type WindowEvent = SocialEvent & { readonly rows?: Rows };
