import type { ViralityPipeline } from '@groundswell/crds';
import type { Path } from '../../problem.ts';
import type { HttpReader } from '../../programs/index.ts';
import type { PipelineReading } from '../context.ts';
import { mappingOf, timeUnits } from './mapping.ts';
import { secretOf } from './references.ts';

type Http = NonNullable<ViralityPipeline['spec']['sources'][number]['http']>;

export const httpOf = (reading: PipelineReading, http: Http, path: Path): HttpReader => {
  const { apiKeysRef, hmac, mapping } = http;
  return {
    kind: 'http',
    path: http.path,
    ...(apiKeysRef && { apiKeys: secretOf(apiKeysRef) }),
    ...(hmac && { hmac: { secret: secretOf(hmac.secretRef), header: hmac.header } }),
    ...(mapping && {
      mapping: mappingOf(reading, mapping, { path: [...path, 'mapping'], hasHistory: false }),
      timeUnit: timeUnits[http.timeUnit],
    }),
    maxBatch: http.maxBatch,
    maxBodyBytes: http.maxBody,
    maxBehindMs: http.maxBehind,
  };
};
