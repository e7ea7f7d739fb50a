import { type RefObject, useLayoutEffect, useRef } from 'react';

const glide = { duration: 380, easing: 'cubic-bezier(0.2, 0, 0, 1)' };
const appear = { duration: 600, easing: 'ease-out' };

const isStill = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Rows that changed their place slide there from where they were, and new ones fade in, unless the reader wants no motion. */
export const useGlide = <E extends HTMLElement>(): RefObject<E | null> => {
  const list = useRef<E>(null);
  const places = useRef<ReadonlyMap<string, number>>(new Map());
  const width = useRef(0);
  useLayoutEffect(() => {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-id]') ?? [])];
    const before = places.current;
    const after = new Map(rows.map((row) => [row.dataset['id'] ?? '', row.offsetTop]));
    places.current = after;
    // After a change of width every row has moved, and nobody has to be told.
    const isResized = width.current !== list.current?.offsetWidth;
    width.current = list.current?.offsetWidth ?? 0;
    if (before.size === 0 || isResized || isStill()) return;
    for (const row of rows) {
      const from = before.get(row.dataset['id'] ?? '');
      if (from === undefined) row.animate([{ opacity: 0 }, { opacity: 1 }], appear);
      else if (from !== row.offsetTop) {
        row.animate([{ transform: `translateY(${from - row.offsetTop}px)` }, { transform: 'none' }], glide);
      }
    }
  });
  return list;
};
