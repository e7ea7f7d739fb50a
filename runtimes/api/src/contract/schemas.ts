import {
  Alerts,
  FeatureValues,
  FeedPost,
  FeedPosts,
  Heatmap,
  HeatmapCell,
  Ledger,
  ModelCard,
  ModelCards,
  NewBlock,
  NewClick,
  NewFollow,
  NewPost,
  OutcomeReports,
  PipelineStatus,
  PostCard,
  PostOutcome,
  PostPredictions,
  Prediction,
  Problem,
  ProgramStatus,
  RankedFeed,
  Reason,
  RolloutDecision,
  RolloutHistory,
  RolloutPoint,
  RolloutStatus,
  Rollouts,
  ScoreAt,
  ScoreRecord,
  TimelinePage,
  TopPost,
  TopPosts,
  WhatIf,
  WhatIfRequest,
} from '@groundswell/wire';
import { z } from 'zod';

/** Schemas that have a name of their own in the document, so that clients get a type of that name. */
const named = {
  ...{
    Alerts,
    FeatureValues,
    FeedPost,
    FeedPosts,
    Heatmap,
    HeatmapCell,
    Ledger,
    ModelCard,
    ModelCards,
    NewBlock,
    NewClick,
    NewFollow,
    NewPost,
    OutcomeReports,
    PipelineStatus,
    PostCard,
    PostOutcome,
  },
  ...{
    PostPredictions,
    Prediction,
    Problem,
    ProgramStatus,
    RankedFeed,
    Reason,
    RolloutDecision,
    RolloutHistory,
    RolloutPoint,
    RolloutStatus,
    Rollouts,
    ScoreAt,
    ScoreRecord,
  },
  ...{ TimelinePage, TopPost, TopPosts, WhatIf, WhatIfRequest },
};

const names = z.registry<{ id: string }>();
for (const [id, schema] of Object.entries(named)) names.add(schema, { id });

export type Json = Readonly<Record<string, unknown>>;

/**
 * JSON Schema, as OpenAPI 3.1 has it, of what is taken in or given out. Named schemas become references; what they refer to is
 * put into `components`.
 */
export const jsonSchemaOf = (schema: z.ZodType, io: 'input' | 'output', components: Map<string, Json>): Json => {
  // As a member, so that a named schema is a reference, too.
  const whole = z.toJSONSchema(z.object({ it: schema }), {
    io,
    metadata: names,
    override: ({ zodSchema, jsonSchema }) => {
      const said = z.globalRegistry.get(zodSchema)?.description;
      if (said !== undefined) jsonSchema.description = said;
      // The largest whole numbers of JavaScript are no rule of the API.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  const referring = (value: unknown): Json =>
    JSON.parse(JSON.stringify(value).replaceAll('"$ref":"#/$defs/', '"$ref":"#/components/schemas/')) as Json;
  for (const [id, definition] of Object.entries(whole.$defs ?? {})) components.set(id, referring(definition));
  return referring(whole.properties?.['it']);
};
