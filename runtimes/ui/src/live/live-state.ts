import type { Heatmap, PipelineStatus, Rollouts, TopPosts } from '@groundswell/wire';

export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** `since` is wall time, ms. */
  | { readonly kind: 'lost'; readonly since: number };

/** What the page knows. What has not come yet is undefined; a pipeline without a heatmap has `null`. */
export interface LiveState {
  readonly connection: Connection;
  readonly top?: TopPosts;
  readonly status?: PipelineStatus;
  readonly heatmap?: Heatmap | null;
  readonly rollouts?: Rollouts;
}

export type LiveEvent =
  | { readonly kind: 'opened' }
  | { readonly kind: 'lost'; readonly at: number }
  | { readonly kind: 'top'; readonly top: TopPosts }
  | { readonly kind: 'status'; readonly status: PipelineStatus }
  | { readonly kind: 'heatmap'; readonly heatmap: Heatmap | null }
  | { readonly kind: 'rollouts'; readonly rollouts: Rollouts };

export const unknown: LiveState = { connection: { kind: 'connecting' } };

/** What was last seen stays on the page while the connection is lost. */
export const nextLiveState = (state: LiveState, event: LiveEvent): LiveState => {
  switch (event.kind) {
    case 'opened':
      return { ...state, connection: { kind: 'live' } };
    case 'lost':
      return state.connection.kind === 'lost' ? state : { ...state, connection: { kind: 'lost', since: event.at } };
    case 'top':
      return { ...state, top: event.top };
    case 'status':
      return { ...state, status: event.status };
    case 'heatmap':
      return { ...state, heatmap: event.heatmap };
    case 'rollouts':
      return { ...state, rollouts: event.rollouts };
  }
};

/** How long to wait before the next attempt: 1 s, doubling up to 15 s. */
export const retryAfterMs = (attempt: number): number => Math.min(15_000, 1000 * 2 ** Math.max(0, attempt - 1));
