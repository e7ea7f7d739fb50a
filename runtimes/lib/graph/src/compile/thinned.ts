import type { ViralityPipeline } from '@groundswell/crds';

type Source = ViralityPipeline['spec']['sources'][number];

/** Events may stand for more than themselves: X sends fewer of them when its quota is short, or a mapping gives them weights. */
export const mayBeThinned = (sources: readonly Source[]): boolean =>
  sources.some(
    ({ x, replay, http, kafka }) =>
      x?.quota?.whenShort === 'Sample' ||
      [http, kafka, ...(replay?.files ?? [])].some((mapped) => mapped?.mapping?.['weight'] !== undefined),
  );
