/** What costs too much to be computed anew for each record is computed anew when there is so much more to it. */
const growth = 1.02;

/** The newest value of `compute`, as of when `count` was last so much larger. Begins anew where the count falls. */
export const whenGrown = <T>(count: () => number, compute: () => T): (() => T) => {
  let known: { readonly value: T; readonly count: number } | undefined;
  return () => {
    const now = count();
    if (known === undefined || now < known.count || (now > known.count && now >= known.count * growth))
      known = { value: compute(), count: now };
    return known.value;
  };
};
