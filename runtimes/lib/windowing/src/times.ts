/** What `make` gives, so often, in order. */
export const times = <T>(count: number, make: () => T): T[] => {
  const made: T[] = [];
  for (let i = 0; i < count; i++) made.push(make());
  return made;
};
