import type { RecommendProgram } from '@groundswell/graph';
import type { ScoreItems } from '@groundswell/pod';
import type { Logger } from '@groundswell/process';
import type { CompiledRules, Random } from '@groundswell/recommending';
import type { KeyValue } from '@groundswell/stores';
import type { Fallback } from '@groundswell/wire';
import type { Catalogue } from '../knowledge/catalogue.ts';
import type { CommonReader } from '../knowledge/common.ts';
import type { Personal } from '../knowledge/personal.ts';
import type { SimilarItems } from '../knowledge/similar-items.ts';
import type { BlendWeights, InForce } from '../learning/blend-weights.ts';
import type { Entry } from './entry.ts';
import type { OfflineScores } from './offline.ts';
import type { Asking } from './rules.ts';

/** What is wanted. */
export interface Wanted {
  readonly user: string;
  /** Only these are ranked. */
  readonly items: readonly string[] | undefined;
  readonly count: number;
}

/** A recommendation before it is put into words. */
export interface Made {
  readonly id: string;
  readonly asking: Asking;
  /** In their order. */
  readonly entries: readonly Entry[];
  readonly variant: string | undefined;
  readonly digest: string | undefined;
  readonly fallbacks: readonly Fallback[];
  /** How both scores were put together; undefined where the score of the model counts alone. */
  readonly blend: InForce | undefined;
  /** Of the wanted items, those that nobody knows. */
  readonly unknown: readonly string[];
}

export interface Recommending {
  readonly program: () => RecommendProgram;
  readonly keyValue: KeyValue;
  readonly catalogue: Catalogue;
  readonly common: CommonReader;
  readonly personal: Personal;
  readonly similarItems: SimilarItems;
  readonly rules: () => CompiledRules;
  readonly scoreItems: ScoreItems;
  /** Undefined where the score of the model counts alone. */
  readonly offline: () => OfflineScores | undefined;
  readonly weights: BlendWeights;
  /** Event time, ms. */
  readonly now: () => number;
  readonly random: Random;
  readonly logger: Logger;
}
