import type { Heatmap, PipelineStatus, Rollouts, TopPosts } from '@groundswell/wire';
import { type LiveEvent, retryAfterMs } from './live-state.ts';

const url = '/v1/stream?events=top,status,heatmap,rollouts&limit=10';
/** The status comes every second; silence for this long means that the connection is dead, whatever the browser thinks. */
const silenceMs = 20_000;

/**
 * Follows the stream for ever and reconnects by itself: also where a browser gives up (an answer other than 200).
 * The first thing that a new connection sends is the newest state, so nothing needs to be asked again.
 *
 * @returns ends it
 */
export const followStream = (emit: (event: LiveEvent) => void): (() => void) => {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempt = 0;

  const later = (ms: number, act: () => void) => {
    clearTimeout(timer);
    timer = setTimeout(act, ms);
  };
  const fail = () => {
    source?.close();
    source = undefined;
    attempt++;
    emit({ kind: 'lost', at: Date.now() });
    later(retryAfterMs(attempt), open);
  };
  const hear = <T>(name: string, act: (data: T) => void) => {
    source?.addEventListener(name, (message: MessageEvent<string>) => {
      later(silenceMs, fail);
      act(JSON.parse(message.data) as T);
    });
  };
  function open() {
    source = new EventSource(url);
    later(silenceMs, fail);
    source.onopen = () => {
      attempt = 0;
      emit({ kind: 'opened' });
    };
    source.onerror = fail;
    hear<TopPosts>('top', (top) => emit({ kind: 'top', top }));
    hear<PipelineStatus>('status', (status) => emit({ kind: 'status', status }));
    hear<Heatmap | null>('heatmap', (heatmap) => emit({ kind: 'heatmap', heatmap }));
    hear<Rollouts>('rollouts', (rollouts) => emit({ kind: 'rollouts', rollouts }));
  }
  /** Somebody looks, or the network is back: no need to wait out the pause. */
  const hurry = () => {
    if (source !== undefined || document.hidden) return;
    clearTimeout(timer);
    open();
  };

  open();
  addEventListener('online', hurry);
  document.addEventListener('visibilitychange', hurry);
  return () => {
    clearTimeout(timer);
    source?.close();
    removeEventListener('online', hurry);
    document.removeEventListener('visibilitychange', hurry);
  };
};
