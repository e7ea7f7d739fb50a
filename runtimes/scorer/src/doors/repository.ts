import type { ServingSpec } from '@groundswell/graph';
import type { Executor } from '../models/executor.ts';
import type { IndexEntry } from '../oip/request.ts';
import { ProtocolError } from '../oip/status.ts';
import type { ScoreByKey } from './score-by-key.ts';
import type { ReasonsOf } from './why.ts';

/** One version of a model: a variant of a ScoringModel, say. */
export interface ServedVersion {
  readonly name: string;
  /** Absent where it cannot be asked. */
  readonly executor: Executor | undefined;
  /** Why it cannot. */
  readonly problem: string | undefined;
}

/** A model as the request doors see it. What it answers may change from one call to the next, as models are swapped. */
export interface ServedModel {
  readonly name: string;
  readonly limits: () => Pick<ServingSpec, 'deadlineMs' | 'maxBodyBytes'>;
  /** Names of the parameters of a request that say whose it is, the first that is there counts. */
  readonly keys: readonly string[];
  versions(): readonly ServedVersion[];
  /** The version that answers for a key; without one, that which answers in doubt. */
  choose(key: string | undefined): ServedVersion | undefined;
  /** Of models that know how their inputs come about. */
  readonly score?: ScoreByKey;
  readonly reasons?: ReasonsOf;
}

/** The models of a process, whoever put them there. */
export interface Repository {
  /** @throws Error where another model of the name is there. @returns takes it away again */
  add(model: ServedModel): () => void;
  /** @throws ProtocolError NotFound */
  model(name: string): ServedModel;
  /** @throws ProtocolError NotFound; the version may yet have no executor */
  version(name: string, version: string): ServedVersion;
  models(): readonly ServedModel[];
  index(onlyReady: boolean): readonly IndexEntry[];
  /** Every model has a version that answers. */
  isReady(): boolean;
}

const isReady = (model: ServedModel): boolean => model.choose(undefined)?.executor !== undefined;

export const createRepository = (): Repository => {
  const models = new Map<string, ServedModel>();
  const model = (name: string): ServedModel => {
    const found = models.get(name);
    if (found !== undefined) return found;
    const names = [...models.keys()].map((known) => `"${known}"`).join(', ');
    throw new ProtocolError(
      'NotFound',
      `Cannot find model "${name}": ${names === '' ? 'none is served' : `those served are ${names}`}`,
    );
  };
  return {
    add: (added) => {
      if (models.has(added.name))
        throw new Error(`Cannot serve model "${added.name}": another one of that name is served, names must differ`);
      models.set(added.name, added);
      return () => {
        if (models.get(added.name) === added) models.delete(added.name);
      };
    },
    model,
    version: (name, version) => {
      const versions = model(name).versions();
      const found = version === '' ? model(name).choose(undefined) : versions.find((each) => each.name === version);
      if (found !== undefined) return found;
      if (version === '')
        throw new ProtocolError(
          'Unavailable',
          `Cannot ask model "${name}": none of its versions answers, see the repository index for why`,
        );
      const names = versions.map((known) => `"${known.name}"`).join(', ');
      throw new ProtocolError(
        'NotFound',
        `Cannot find version "${version}" of model "${name}": it has ${names === '' ? 'none' : names}`,
      );
    },
    models: () => [...models.values()],
    index: (onlyReady) =>
      [...models.values()].flatMap((each) =>
        each
          .versions()
          .filter(({ executor }) => !onlyReady || executor !== undefined)
          .map(({ name, executor, problem = '' }) => ({
            ...{ name: each.name, version: name, reason: problem },
            state: executor === undefined ? 'UNAVAILABLE' : 'READY',
          })),
      ),
    isReady: () => [...models.values()].every(isReady),
  };
};
