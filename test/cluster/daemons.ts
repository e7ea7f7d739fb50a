import { type Daemon, startDaemon } from '../servers/daemon.ts';
import { findProgram } from '../servers/programs.ts';

interface Start {
  readonly command: string | undefined;
  readonly flags: Readonly<Record<string, string | number | boolean>>;
  readonly readyText: string;
}

/** Linux ends it with us, however we end; a test that is killed leaves nothing behind. */
const withParent = (command: string, words: readonly string[]): readonly string[] => {
  const setpriv = findProgram('setpriv');
  return setpriv === undefined ? [command, ...words] : [setpriv, '--pdeathsig', 'KILL', '--', command, ...words];
};

/** A server that takes flags, in a folder of its own. */
export const startWithFlags = (folder: string, { command = '', flags, readyText }: Start): Promise<Daemon> => {
  const [first = '', ...words] = withParent(
    command,
    Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
  );
  return startDaemon({ command: first, words, folder, readyText, readyWithinMs: 60_000 });
};
