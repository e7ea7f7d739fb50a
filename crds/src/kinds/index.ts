import { type FeatureWindow, featureWindow } from './feature-window.ts';
import { type ScoringModel, scoringModel } from './scoring-model.ts';
import { type ViralityPipeline, viralityPipeline } from './virality-pipeline.ts';

/** All kinds, in the order of the documentation. */
export const kinds = [viralityPipeline, featureWindow, scoringModel] as const;

export type Resource = ViralityPipeline | FeatureWindow | ScoringModel;

export type { FeatureWindow, ScoringModel, ViralityPipeline };
