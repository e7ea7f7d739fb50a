import { OutcomeReports } from '@groundswell/wire';
import type { Env, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { bodyOf } from '../body.ts';
import { ProblemError } from '../problem.ts';
import type { Reports } from './reports.ts';

/** A thousand reports with the longest ids. */
const maxBody = 2 * 2 ** 20;

interface ReportRoutes {
  /** Undefined where the pipeline has no reported outcome. */
  readonly reports: Reports | undefined;
  /** Answers 503 where the store or the log does not. */
  readonly guarded: <T>(work: () => Promise<T>) => Promise<T>;
}

export const addReports = <E extends Env>(app: Hono<E>, { reports, guarded }: ReportRoutes): void => {
  const limited = bodyLimit({
    maxSize: maxBody,
    onError: () => {
      throw new ProblemError(413, `Cannot take /v1/outcomes: the body is larger than ${maxBody} bytes`);
    },
  });
  app.post('/v1/outcomes', limited, async (c) => {
    if (reports === undefined)
      throw new ProblemError(404, 'Cannot take outcomes: the pipeline declares none as reported, one is needed');
    const body = await bodyOf(c, OutcomeReports);
    await guarded(() => reports.take(body.reports));
    return c.body(null, 204);
  });
};
