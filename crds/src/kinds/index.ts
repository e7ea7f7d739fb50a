import type { z } from 'zod';
import { type FeatureWindow, featureWindow } from './feature-window.ts';
import { type Feed, feed } from './feed.ts';
import { type Recommender, recommender } from './recommender.ts';
import { type ScoringModel, scoringModel } from './scoring-model.ts';
import { type ViralityPipeline, viralityPipeline } from './virality-pipeline.ts';

/** All kinds, in the order of the documentation. */
export const kinds = [viralityPipeline, featureWindow, scoringModel, feed, recommender] as const;

export type Resource = ViralityPipeline | FeatureWindow | ScoringModel | Feed | Recommender;

/** A resource as a user writes it: defaults may be absent, durations and sizes are text. */
export type Written<Kind extends Resource['kind']> = z.input<
  Extract<(typeof kinds)[number], { readonly kind: Kind }>['schema']
>;

export type { FeatureWindow, Feed, Recommender, ScoringModel, ViralityPipeline };
