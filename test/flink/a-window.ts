import { WindowProgram } from '@groundswell/graph';
import { topicsOf } from '@groundswell/wire';

/** A window that is compared with Flink, with a topic for its results. */
export const aWindow = (window: string, changes: Partial<WindowProgram>): WindowProgram =>
  WindowProgram.parse({
    kind: 'window',
    name: `window-${window}`,
    pipeline: 'compared',
    revision: '',
    window,
    deadLetters: { name: topicsOf('compared').deadLetters },
    input: { topic: { name: topicsOf('compared').events } },
    changelog: { name: topicsOf('compared').changelog(window), compacted: true },
    key: ['post_id'],
    shape: { kind: 'tumble', sizeMs: 60_000 },
    head: 'Closed',
    emit: 'EveryWindow',
    watermark: { maxOutOfOrdernessMs: 20_000 },
    allowedLatenessMs: 0,
    aggregations: [{ kind: 'count', name: 'events' }],
    sinks: [{ kind: 'topic', topic: { name: topicsOf('compared').results(window) } }],
    ...changes,
  });
