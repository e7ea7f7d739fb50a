import { goProgram } from '../servers/go.ts';

/** ghz, built by Go into the cache; undefined, and said so, where there is no Go. */
export const ghzProgram = (): string | undefined => goProgram('github.com/bojand/ghz/cmd/ghz', 'v0.120.0');
