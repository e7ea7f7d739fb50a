import { pointsOf } from './hash.ts';

/** What decides who gets a variant. */
export interface Side {
  readonly name: string;
  /** Of 100. */
  readonly share: number;
  readonly shadow: boolean;
}

interface Range {
  readonly from: number;
  readonly to: number;
  readonly index: number;
}

/**
 * The ranges of [0, 100) that the variants get, by their place in the list; shadows get none.
 *
 * The first variant that is no shadow is the stable one and takes what the others leave. The others take from the two
 * ends: the second from the top down, the third from the bottom up, the fourth below the second, and so on. So with up to
 * three, a share that grows or shrinks moves keys between that variant and the stable one, and nobody else. With more,
 * those further in on the same side shift as well; no rule without memory can avoid it (docs/decisions/061-sticky-shares.md).
 */
const rangesOf = (sides: readonly Side[]): readonly Range[] => {
  const answering = sides.map((side, index) => ({ ...side, index })).filter(({ shadow }) => !shadow);
  const [stable, ...others] = answering;
  if (stable === undefined) return [];
  let bottom = 0;
  let top = 100;
  const ranges = others.map(({ share, index }, i): Range => {
    const width = Math.min(share, top - bottom);
    if (i % 2 === 0) {
      top -= width;
      return { from: top, to: top + width, index };
    }
    bottom += width;
    return { from: bottom - width, to: bottom, index };
  });
  return [{ from: bottom, to: top, index: stable.index }, ...ranges];
};

/** Answers for a key the place of its variant in the list; undefined where no variant answers. */
export type Router = (key: string) => number | undefined;

/**
 * Who gets which variant: a hash of (salt, key) against the shares. A variant that does not serve passes its keys to the
 * first declared that does.
 *
 * @param serves  by place in the list
 */
export const createRouter = (
  sides: readonly Side[],
  { salt, serves }: { readonly salt: string; readonly serves: (index: number) => boolean },
): Router => {
  const pointOf = pointsOf(salt);
  const fallback = sides.findIndex(({ shadow }, index) => !shadow && serves(index));
  const ranges = rangesOf(sides).map((range) => (serves(range.index) ? range : { ...range, index: fallback }));
  if (fallback === -1) return () => undefined;
  if (ranges.every(({ index }) => index === fallback)) return () => fallback;
  return (key) => {
    const point = pointOf(key);
    return ranges.find(({ from, to }) => from <= point && point < to)?.index ?? fallback;
  };
};

/** Of 100, what each variant really gets, with what it took over from those that do not serve. */
export const effectiveShares = (sides: readonly Side[], serves: (index: number) => boolean): readonly number[] => {
  const fallback = sides.findIndex(({ shadow }, index) => !shadow && serves(index));
  const shares = sides.map(() => 0);
  for (const { from, to, index } of rangesOf(sides)) {
    const taker = serves(index) ? index : fallback;
    if (taker !== -1) shares[taker] = (shares[taker] ?? 0) + to - from;
  }
  return shares;
};
