import type { TopPost } from '@groundswell/wire';
import { useEffect, useRef, useState } from 'react';
import { announcementOf } from './announcement.ts';

/** A voice that never stops is no help. */
const leastMs = 20_000;

/** What a screen reader should say of the list, at most three times a minute. */
export const useAnnouncement = (posts: readonly TopPost[]): string => {
  const [text, setText] = useState('');
  const said = useRef<{ readonly at: number; readonly posts: readonly TopPost[] }>({ at: 0, posts: [] });
  useEffect(() => {
    const now = performance.now();
    if (said.current.posts.length > 0 && now - said.current.at < leastMs) return;
    const next = announcementOf(said.current.posts, posts);
    if (next === undefined) return;
    said.current = { at: now, posts };
    setText(next);
  }, [posts]);
  return text;
};
