import type { History } from '../../mapping/mapping.ts';
import type { Row } from '../../mapping/row.ts';

/** Which posts have come, and the row of each. One entry for each post stays in memory, as long as the replay runs. */
export interface PostHistory {
  /** What came before this row, and notes it. `typeOf` is asked for the row's own type, given what came before. */
  enter(postId: string | undefined, row: Row, typeOf: (history: History) => unknown): History;
}

const unknown: History = { first: false, root: undefined };

export const createPostHistory = (isAsked: boolean): PostHistory => {
  const roots = new Map<string, Row | undefined>();
  if (!isAsked) return { enter: () => unknown };
  return {
    enter: (postId, row, typeOf) => {
      if (postId === undefined) return unknown;
      const root = roots.get(postId);
      const first = root === undefined && !roots.has(postId);
      if (root !== undefined) return { first, root };
      const isPost = typeOf({ first, root: undefined }) === 'post';
      if (isPost || first) roots.set(postId, isPost ? row : undefined);
      return { first, root: isPost ? row : undefined };
    },
  };
};
