/**
 * Annotations by which people and tools ask for something without a change of what Git says: Argo CD and other appliers
 * leave alone what their manifests do not name.
 */
export const annotations = {
  /** `true`: the operator leaves the resource and all that belongs to it as it is. */
  pauseReconciliation: 'groundswell.dev/pause-reconciliation',
  /** Any text that was not there before: a person's word, which passes the wait that a rollout stands at. */
  promote: 'groundswell.dev/promote',
  /** SHA-256 of a challenger: it is given up now, and not tried again. Means nothing for any other artifact. */
  abort: 'groundswell.dev/abort',
} as const;
