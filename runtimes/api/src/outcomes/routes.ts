import { ProblemError } from '@groundswell/http';
import { OutcomeReports } from '@groundswell/wire';
import { type Route, route } from '../contract/route.ts';
import type { RouteParts } from '../routes/parts.ts';

/** A thousand reports with the longest ids. */
const maxBody = 2 * 2 ** 20;

export const reportRoutes = ({ reports, guarded }: RouteParts): readonly Route[] => [
  route({
    ...{ method: 'post', path: '/v1/outcomes', id: 'reportOutcomes', tag: 'Models' },
    summary: 'Say what became of posts',
    body: OutcomeReports,
    maxBody,
    answer: { status: 204, what: 'All of them are in the log, as labels and for windows.' },
    problems: { 404: 'The pipeline declares no outcome as reported.' },
    handle: async ({ body }) => {
      if (reports === undefined)
        throw new ProblemError(404, 'Cannot take outcomes: the pipeline declares none as reported, one is needed');
      await guarded(() => reports.take(body.reports));
    },
  }),
];
