/** An aggregation as SQL, and the type of its column in the sink. */
export interface Aggregate {
  readonly name: string;
  readonly type: 'BIGINT' | 'DOUBLE' | 'STRING' | 'BOOLEAN';
  /** What the windows compute, with the name of its column; absent where it is derived from others. */
  readonly measured?: { readonly sql: string; readonly column: string };
  /** The value, of columns of the results. */
  readonly result: string;
}
