import type { WindowProgram } from '../programs/index.ts';
import type { WindowReading } from './context.ts';

type Shape = WindowProgram['shape'];

/** How events are put together; nothing where that is not supported. */
export const compileShape = (reading: WindowReading): Shape | undefined => {
  const { tumble, hop, session, ...others } = reading.spec.window;
  if (tumble !== undefined) return { kind: 'tumble', sizeMs: tumble.size };
  if (hop !== undefined) return { kind: 'hop', sizeMs: hop.size, everyMs: hop.every };
  if (session !== undefined) return compileSession(reading, session);
  for (const kind of ['decay', 'pattern', 'global'] as const)
    if (others[kind] !== undefined) reading.notYet(['window', kind], 'use tumble, hop or session');
  return undefined;
};

const compileSession = (
  reading: WindowReading,
  { gap, maxDuration }: NonNullable<WindowReading['spec']['window']['session']>,
): Shape => {
  warnOfWhatStays(reading);
  return { kind: 'session', gapMs: gap, ...(maxDuration === undefined ? {} : { maxMs: maxDuration }) };
};

/** A session that is over is not followed by an empty one, which would clear its values away. */
const warnOfWhatStays = ({ spec, name, warn }: WindowReading): void => {
  const stays = (what: string): string =>
    `Cannot tell when the values of ${what} go: a session is not followed by an empty one, give a ttl`;
  if (spec.sinks.length === 0) warn(['sinks'], stays(`"${name}"`));
  spec.sinks.forEach(({ redis }, i) => {
    const { hash } = redis ?? {};
    if (hash !== undefined && hash.ttl === undefined)
      warn(['sinks', i, 'redis', 'hash'], stays(JSON.stringify(hash.key)));
  });
};
