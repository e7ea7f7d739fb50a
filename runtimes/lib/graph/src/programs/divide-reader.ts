import type { IngestProgram } from './ingest.ts';

type Reader = IngestProgram['source']['reader'];

/** What a reader takes while it runs, and the rest, for which it has to be opened anew. */
export const divideReader = (reader: Reader): { readonly fixed: object; readonly live: object } => {
  switch (reader.kind) {
    case 'replay':
    case 'generator': {
      const { speed, ...fixed } = reader;
      return { fixed, live: { speed } };
    }
    case 'http': {
      const { maxBatch, maxBodyBytes, maxBehindMs, ...fixed } = reader;
      return { fixed, live: { maxBatch, maxBodyBytes, maxBehindMs } };
    }
    case 'x': {
      const { rules, foreignRules, quota, ...fixed } = reader;
      return { fixed, live: { rules, foreignRules, quota } };
    }
    case 'bluesky':
    case 'mastodon':
    case 'kafka':
      return { fixed: reader, live: {} };
  }
};
