import type { IngestProgram } from '@groundswell/graph';
import type { Cursor, SourceReader, World } from '../source-reader.ts';
import { openBluesky } from './bluesky/reader.ts';
import { openGenerator } from './generator/reader.ts';
import { openHttp } from './http/reader.ts';
import { openKafka } from './kafka/reader.ts';
import { openMastodon } from './mastodon/reader.ts';
import { openReplay } from './replay/reader.ts';
import { openX } from './x/reader.ts';

/**
 * The reader of a program's source, going on from a cursor. Each kind of source is one folder here with a function of this form;
 * another kind is another member of the program's union, another folder and another case.
 *
 * @throws Error for what only a person can change: a missing file, a mapping of a column that is not there
 */
export const openReader = async (
  { reader, name }: IngestProgram['source'],
  world: World,
  from: Cursor | undefined,
): Promise<SourceReader> => {
  switch (reader.kind) {
    case 'replay':
      return openReplay({ reader, source: name }, world, from);
    case 'generator':
      return openGenerator({ reader, source: name }, world, from);
    case 'http':
      return openHttp({ reader, source: name }, world);
    case 'mastodon':
      return openMastodon({ reader, source: name }, world, from);
    case 'x':
      return openX({ reader, source: name }, world, from);
    case 'kafka':
      return openKafka({ reader, source: name }, world, from);
    case 'bluesky':
      return openBluesky({ reader, source: name }, world, from);
  }
};
