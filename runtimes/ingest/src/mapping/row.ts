/** What expressions see as `row`: columns by name, absent where empty; or a JSON value. */
export type Row = Readonly<Record<string, unknown>>;
