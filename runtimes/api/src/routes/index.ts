import type { Route } from '../contract/route.ts';
import { feedRoutes } from '../feed/routes.ts';
import { reportRoutes } from '../outcomes/routes.ts';
import { alertRoutes } from './alerts.ts';
import { type Deciding, decisionRoutes } from './decisions.ts';
import { modelRoutes } from './models.ts';
import type { RouteParts } from './parts.ts';
import { pipelineRoutes } from './pipeline.ts';
import { scoreRoutes } from './scores.ts';
import { whatIfRoutes } from './what-if.ts';
import { windowRoutes } from './windows.ts';

/** Everything that the API takes and gives, but for its page and its health. */
export const routesOf = (parts: RouteParts & Deciding): readonly Route[] => [
  ...scoreRoutes(parts),
  ...whatIfRoutes(parts),
  ...alertRoutes(parts),
  ...windowRoutes(parts),
  ...modelRoutes(parts),
  ...decisionRoutes(parts),
  ...reportRoutes(parts),
  ...feedRoutes(parts),
  ...pipelineRoutes(parts),
];
