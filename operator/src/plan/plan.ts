import { annotations } from '@groundswell/crds';
import { type Compiled, compile, type Problem, resolve } from '@groundswell/graph';
import { pipelineLabel, programLabel } from '../children/names.ts';
import type { KubernetesObject, Owner } from '../children/objects.ts';
import { type Images, renderPrograms } from '../children/render.ts';
import type { KubeObject } from '../engine/kube/objects.ts';
import type { Scaled } from '../scale/scaler.ts';
import { asRolledOut } from './demands.ts';
import { idOf, type LocatedObject, locate } from './located.ts';
import { missingApis } from './missing-apis.ts';
import type { Observed } from './observed.ts';
import { workloadOf } from './rollout.ts';
import { scaledOf, withReplicas } from './scaled.ts';
import { missingReferences } from './secrets.ts';
import { asTrained } from './trained.ts';

export interface PlanSettings {
  readonly images: Images;
  /** Where the API server is, as CIDRs. Absent or none: anywhere. */
  readonly apiServer?: readonly string[];
}

/** What was found about one resource. */
export interface Verdict {
  readonly object: KubeObject;
  /** What is wrong with it: it, or what stands there now, is not run until somebody changes it. */
  readonly refused: readonly string[];
  /** What it waits for. */
  readonly waiting: readonly string[];
  /** Accepted, with something to know. */
  readonly warnings: readonly string[];
  readonly paused: boolean;
  readonly suspended: boolean;
}

export interface Plan {
  /** What there should be, in the order in which it is to be applied. */
  readonly objects: readonly KubernetesObject[];
  /** What is no longer wanted. */
  readonly remove: readonly KubeObject[];
  readonly verdicts: readonly Verdict[];
  readonly compiled: Pick<Compiled, 'programs' | 'placements' | 'pipelines'>;
  /** Programs whose number of pods follows the load. */
  readonly scaled: readonly Scaled[];
}

/** Decides what there should be for one pipeline. Equal observations give equal plans; what a plan led to gives it again. */
export const plan = (observed: Observed, { images, apiServer = [] }: PlanSettings): Plan => {
  const located = observed.resources.map(locate);
  const graph = resolve(located);
  const compiled = asRolledOut(asTrained(compile(graph, { target: 'cluster' }), observed.children), observed);
  const pipeline = located.find(({ kind }) => kind === 'ViralityPipeline');
  const findings = [...graph.problems, ...compiled.problems];
  const secrets = missingReferences(compiled, observed.secrets);
  const missing = missingApis(compiled, observed.served);
  const judged = pipeline && verdictOf(pipeline, { findings, pipeline: undefined, secrets, missing });
  const verdicts = located.map((resource) =>
    resource === pipeline && judged !== undefined
      ? judged
      : verdictOf(resource, { findings, pipeline: judged, secrets, missing }),
  );
  const byId = new Map(verdicts.map((verdict) => [verdictId(verdict), verdict]));
  const mayRun = ({ owner }: { readonly owner: { readonly kind: string; readonly name: string } }): boolean => {
    const verdict = byId.get(idOf(owner));
    // What a pipeline lacks (a window to show, a Secret) keeps none of its programs from running.
    return (
      verdict !== undefined && isSound(verdict) && (owner.kind === 'ViralityPipeline' || verdict.waiting.length === 0)
    );
  };
  const placements = withReplicas(compiled.placements.filter(mayRun), observed);
  const running = {
    placements,
    programs: compiled.programs.filter(({ name }) => placements.some(({ program }) => program === name)),
    pipelines: compiled.pipelines.filter((one) => mayRun({ owner: { kind: 'ViralityPipeline', name: one.pipeline } })),
  };
  const objects = renderPrograms(running, {
    namespace: observed.namespace,
    images,
    apiServer,
    served: observed.served,
    ownerOf: (owner) => ownerReferenceOf(byId.get(idOf(owner))?.object),
  });
  const remove = unwanted(observed.children, objects, byId);
  return { objects, remove, verdicts, compiled: running, scaled: scaledOf(running, observed) };
};

const verdictId = ({ object }: Verdict): string => idOf({ kind: object.kind, name: object.metadata.name });

const isSound = ({ refused, paused }: Verdict): boolean => refused.length === 0 && !paused;

const said = ({ path, message }: Problem): string => (path === '' || path === 'kind' ? message : `${path}: ${message}`);

const isTrue = (object: KubeObject, annotation: string): boolean =>
  object.metadata.annotations?.[annotation] === 'true';

interface Circumstances {
  readonly findings: readonly Problem[];
  /** Of the pipeline that it belongs to; undefined for a pipeline, and where there is none. */
  readonly pipeline: Verdict | undefined;
  readonly secrets: readonly string[];
  readonly missing: ReturnType<typeof missingApis>;
}

const verdictOf = (resource: LocatedObject, { findings, pipeline, secrets, missing }: Circumstances): Verdict => {
  const own = findings.filter(({ file }) => file === idOf(resource));
  const errors = own.filter(({ severity }) => severity === 'error');
  const isPipeline = resource.kind === 'ViralityPipeline';
  const spec = (resource.object['spec'] ?? {}) as { suspend?: boolean };
  return {
    object: resource.object,
    refused: [...resource.problems, ...errors.filter(({ missing }) => missing === undefined).map(said)],
    waiting: [
      ...errors.filter(({ missing }) => missing !== undefined).map(said),
      ...((pipeline?.refused.length ?? 0) > 0
        ? [
            `Cannot run with ViralityPipeline "${pipeline?.object.metadata.name}": it is not right itself, see its conditions`,
          ]
        : []),
      ...(isPipeline ? secrets : []),
      ...(missing.get(idOf(resource)) ?? []),
    ],
    warnings: own.filter(({ severity }) => severity === 'warning').map(said),
    paused: pipeline?.paused === true || isTrue(resource.object, annotations.pauseReconciliation),
    suspended: pipeline?.suspended === true || spec.suspend === true,
  };
};

const ownerReferenceOf = (object: KubeObject | undefined): Owner | undefined => {
  if (object?.metadata.uid === undefined) return undefined;
  const { apiVersion, kind, metadata } = object;
  const { name, uid } = metadata;
  return { apiVersion, kind, name, uid: uid ?? '', controller: true };
};

/** The resource that an object was made for, if we made it. */
export const controllerOf = ({ metadata }: KubeObject) =>
  metadata.ownerReferences?.find(
    ({ controller, apiVersion }) => controller === true && apiVersion.startsWith('groundswell.dev/'),
  );

const objectId = ({ kind, metadata }: Pick<KubeObject, 'kind' | 'metadata'>): string =>
  idOf({ kind, name: metadata.name });

/** What was made here and is not planned any more. What belongs to a resource that is refused, waits or is paused stays as it is. */
const unwanted = (
  children: readonly KubeObject[],
  objects: readonly KubernetesObject[],
  verdicts: ReadonlyMap<string, Verdict>,
): readonly KubeObject[] => {
  const wanted = new Set(objects.map(objectId));
  const rolling = new Set(
    children
      .flatMap((child) => workloadOf(child) ?? [])
      .flatMap(({ program, rolledOut }) => (rolledOut ? [] : program)),
  );
  return children.filter((child) => {
    const owner = controllerOf(child);
    if (owner === undefined || wanted.has(objectId(child)) || child.metadata.deletionTimestamp !== undefined)
      return false;
    const verdict = verdicts.get(idOf(owner));
    if (verdict === undefined) return true;
    if (!isSound(verdict)) return false;
    const isHeld = owner.kind !== 'ViralityPipeline' && verdict.waiting.length > 0;
    if (isHeld)
      return !verdicts.has(idOf({ kind: 'ViralityPipeline', name: child.metadata.labels?.[pipelineLabel] ?? '' }));
    // Pods of the old revision may still start, and need what they were made with.
    return !(child.kind === 'ConfigMap' && rolling.has(child.metadata.labels?.[programLabel] ?? ''));
  });
};
