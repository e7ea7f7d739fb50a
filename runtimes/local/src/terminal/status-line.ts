import type { PipelineStatus } from '@groundswell/wire';
import { formatCount, formatInteger, formatTime } from './format.ts';

/** What a pipeline is doing, in one line; what is not known is left out. */
export const renderStatusLine = ({
  pipeline,
  events,
  events_per_second,
  event_time,
  programs,
}: PipelineStatus): string => {
  const ailing = programs
    .filter(({ health }) => health.kind !== 'ready')
    .map(({ name, health }) => `${name} ${health.kind}`);
  return [
    pipeline,
    ...(events === null ? [] : [`${formatInteger(events)} events`]),
    ...(events_per_second === null ? [] : [`${formatCount(events_per_second)} a second`]),
    ...(event_time === null ? [] : [`at ${formatTime(event_time)}`]),
    ...ailing,
  ].join(', ');
};
