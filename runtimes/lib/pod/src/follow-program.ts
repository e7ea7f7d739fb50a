import type { Program } from '@groundswell/graph';
import type { Clock } from '@groundswell/process';
import type { Watched } from './watch-program.ts';

/** How often the mounted program is looked at for changes, ms. */
const lookEveryMs = 1_000;

/** A program of another revision than the one that runs. */
export interface Changed<P> {
  readonly program: P;
  /** Whether a pod that starts again finds it. */
  readonly isMounted: boolean;
}

export interface FollowOptions<P> {
  /** @throws Error where the text is no program of this kind */
  readonly parse: (text: string) => P;
  /** The mounted file. */
  readonly read: () => Promise<string>;
  /** Absent: the file alone is followed. */
  readonly watched?: Pick<Watched, 'take' | 'isLive'> | undefined;
  readonly clock: Clock;
}

/**
 * Answers each new revision of a program once: as the API server tells it, and from the mounted file where that tells nothing. The
 * file is behind the API server by up to a minute, so it counts only when it changes. What does not parse is left alone until it does.
 *
 * @param mounted  revision that the file has at first
 */
export const followProgram = <P extends Program>(
  { parse, read, watched, clock }: FollowOptions<P>,
  mounted: string,
): ((running: string) => Promise<Changed<P> | undefined>) => {
  let inFile = mounted;
  let newest: string | undefined;
  let lookedAt = clock.now();
  const told = (): P | undefined => {
    const text = watched?.take();
    return text === undefined ? undefined : parsed(parse, text);
  };
  const found = async (): Promise<P | undefined> => {
    if (clock.now() - lookedAt < lookEveryMs) return undefined;
    lookedAt = clock.now();
    const program = parsed(parse, await read().catch(() => ''));
    if (program === undefined || program.revision === inFile) return undefined;
    inFile = program.revision;
    return program;
  };
  return async (running) => {
    const news = told();
    if (news !== undefined) newest = news.revision;
    if (news !== undefined && news.revision !== running) return { program: news, isMounted: false };
    const program = await found();
    if (program === undefined || program.revision === running) return undefined;
    const isBehind = watched?.isLive() === true && program.revision !== newest;
    return isBehind ? undefined : { program, isMounted: true };
  };
};

const parsed = <P>(parse: (text: string) => P, text: string): P | undefined => {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
};
