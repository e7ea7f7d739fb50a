import { tableOf } from '../report.ts';
import type { RecommenderReport } from './evaluate-recommender.ts';
import type { Accuracy } from './measure.ts';

const percent = (share: number, digits = 1): string => `${(100 * share).toFixed(digits)} %`;

/** The report for people. */
export const renderRecommenderReport = (report: RecommenderReport): readonly string[] => {
  const { recommender, places, users, known, newUsers, newItems } = report;
  const row = (what: string, { recall, ndcg }: Accuracy): readonly string[] => [
    what,
    recall.toFixed(3),
    ndcg.toFixed(3),
  ];
  const head = (what: string): readonly string[] => [what, `recall@${places}`, `NDCG@${places}`];
  return [
    ...[`${recommender}: the last item that each user took is held back`, ''],
    ...tableOf([
      head(`${users} users`),
      row('recommender', known.recommender),
      row('popularity', known.popularity),
      row('matrix factorisation', known.factorization),
    ]),
    '',
    ...tableOf([
      head(`${newUsers.users} new users`),
      row('recommender', newUsers.unnamed),
      row('with named interests', newUsers.interests),
      row('popularity', newUsers.popularity),
    ]),
    '',
    `${newItems.items} new items: ${percent(newItems.share)} of places (declared ${percent(newItems.declaredShare)})`,
    `of those shown, users took ${percent(newItems.first)} in the first third and ${percent(newItems.last)} in the last; by chance ${percent(newItems.chance)}`,
  ];
};
