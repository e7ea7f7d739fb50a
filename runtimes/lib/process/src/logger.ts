import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

/**
 * One JSON line per fact that an operator would act on or search for. `program` names who speaks.
 * Fields whose names sound like secrets are blanked at any depth of two.
 */
export const createLogger = (program: string, level = 'info', to?: DestinationStream): Logger =>
  pino(
    {
      level,
      base: { program },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: ['password', '*.password', 'token', '*.token', 'authorization', '*.authorization'],
        censor: '…',
      },
    },
    to ?? pino.destination(2),
  );
