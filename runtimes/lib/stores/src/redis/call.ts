/** One command as Redis knows it: name, key, arguments. */
export type Call = readonly [name: string, key: string, ...rest: readonly (string | number)[]];
