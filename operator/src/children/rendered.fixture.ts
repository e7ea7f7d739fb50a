import { compile, parseFiles, resolve } from '@groundswell/graph';
import { type RenderOptions, renderPrograms } from './render.ts';

/** A model that logs vectors; more fields of its spec may follow. */
export const modelText = `---
apiVersion: groundswell.dev/v1alpha1
kind: ScoringModel
metadata: { name: hits }
spec:
  pipelineRef: { name: news }
  features: [{ name: followers, event: event.user.followers }]
`;

/** A pipeline with a window, and a line more of the spec of either. */
export const windowText = ({ pipeline = '', window }: { readonly pipeline?: string; readonly window: string }) => `---
apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata: { name: news }
spec:
  sources: [{ name: demo, generator: {} }]
  ${pipeline}
---
apiVersion: groundswell.dev/v1alpha1
kind: FeatureWindow
metadata: { name: posts }
spec:
  pipelineRef: { name: news }
  key: [post_id]
  window: { tumble: { size: 10m } }
  aggregations: [{ name: events, count: {} }]
  sinks: [{ redis: { hash: { key: "p:{post_id}" } } }]
  ${window}
`;

/** The objects of resources, written as YAML. @throws Error where they are not right */
export const rendered = (text: string, options: Partial<RenderOptions> = {}) => {
  const compiled = compile(resolve(parseFiles([{ path: 'p.yaml', text }]).resources), { target: 'cluster' });
  const errors = compiled.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join('\n'));
  return renderPrograms(compiled, { namespace: 'social', ...options });
};
