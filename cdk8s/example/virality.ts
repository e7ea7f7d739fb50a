import { FeatureWindow, ScoringModel, ViralityPipeline } from '@groundswell/cdk8s';
import { Chart, type ChartProps } from 'cdk8s';
import type { Construct } from 'constructs';

/** The spans over which reactions to a post are counted: one window, one construct and one feature for each. */
const spans = ['5m', '30m', '2h'] as const;

const watermark = { maxOutOfOrderness: '5s', idleTimeout: '30s' };

/** Which posts will go viral: a pipeline, its windows and a model, wired by object. */
export class Virality extends Chart {
  constructor(scope: Construct, id: string, props: ChartProps = {}) {
    super(scope, id, props);

    const pipeline = new ViralityPipeline(this, 'virality', {
      sources: [{ name: 'bluesky', bluesky: {} }],
      outcomes: [{ name: 'viral', count: { where: "event.type in ['repost', 'quote']", atLeast: 50 }, within: '24h' }],
      api: {},
    });

    const reactions = spans.map((span) => ({
      span,
      window: new FeatureWindow(this, `post-${span}`, {
        pipeline,
        input: { where: "event.type in ['like', 'repost', 'reply']" },
        key: ['post_id'],
        window: { hop: { size: span, every: '10s' } },
        watermark,
        aggregations: [
          { name: 'reposts', count: {}, where: "event.type == 'repost'" },
          { name: 'engagement', weightedSum: { by: 'event.type', weights: { like: 1, repost: 2, reply: 3 } } },
        ],
      }),
    }));

    const author = new FeatureWindow(this, 'author-30d', {
      pipeline,
      key: ['author_id'],
      window: { hop: { size: '30d', every: '1m' } },
      watermark,
      aggregations: [
        { name: 'posts', count: {}, where: "event.type == 'post'" },
        { name: 'reposts', count: {}, where: "event.type == 'repost'" },
      ],
    });

    const engagement = new FeatureWindow(this, 'engagement', {
      pipeline,
      window: { tumble: { size: '1h' } },
      watermark,
      aggregations: [{ name: 'events', count: {} }],
      sinks: [{ redis: { series: { key: 'engagement', keep: 336 } } }],
    });

    const model = new ScoringModel(this, 'viral-posts', {
      pipeline,
      entity: { where: "event.type == 'post'" },
      score: { at: ['0s', '1m', '5m', '30m'], watermark },
      features: [
        // Names of fields are checked: author.feature('likes') does not compile.
        ...reactions.flatMap(({ span, window }) => [
          window.feature('reposts', { name: `reposts_${span}`, default: 0 }),
          window.feature('engagement', { name: `engagement_${span}`, default: 0 }),
        ]),
        author.feature('posts', { name: 'author_posts', key: ['event.author_id'], default: 0 }),
        author.feature('reposts', { name: 'author_reposts', key: ['event.author_id'], default: 0 }),
        { name: 'sentiment', expression: 'sentiment(event.text)' },
      ],
      outcomeRef: { name: 'viral' },
    });

    pipeline.showHeatmap(engagement).showModel(model);
  }
}
