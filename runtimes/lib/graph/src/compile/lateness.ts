import type { WindowReading } from './context.ts';

/** Where no result is ever corrected. */
export const refuseLateness = ({ spec, refuse }: WindowReading, why: string): void => {
  const { allowedLateness, lateEvents } = spec.watermark;
  if (allowedLateness > 0)
    refuse(['watermark', 'allowedLateness'], `Cannot use "allowedLateness" here: ${why}, remove it`);
  if (lateEvents !== 'Count') refuse(['watermark', 'lateEvents'], `Cannot use "lateEvents" here: ${why}, remove it`);
};
