import type { ScoreRequest, ScoreResponse } from '@groundswell/wire';
import type { Executor } from '../models/executor.ts';
import type { InferRequest, InferResponse, ModelMetadata, ServerMetadata } from '../oip/request.ts';
import { invalid, ProtocolError } from '../oip/status.ts';
import { described, type Tensor, type TensorSpec } from '../oip/tensor.ts';
import type { RequestContext } from './context.ts';
import type { Repository, ServedModel, ServedVersion } from './repository.ts';
import { whyOf } from './why.ts';

/** The Open Inference Protocol, whichever way its messages come. All methods throw ProtocolError. */
export interface Inference {
  readonly repository: Repository;
  serverMetadata(): ServerMetadata;
  modelMetadata(name: string, version: string): ModelMetadata;
  /** Whether a model, or one version of it, can be asked. @throws ProtocolError NotFound */
  isModelReady(name: string, version: string): boolean;
  infer(request: InferRequest, context: RequestContext): Promise<InferResponse>;
  /** Scores posts by key. The model may be left out where there is one. */
  score(request: ScoreRequest, context: RequestContext): Promise<ScoreResponse>;
  /** The largest body that any model takes, bytes. */
  maxBodyBytes(): number;
  /** The name where a model of it is served, else nothing: names that clients make up are no labels of metrics. */
  label(name: string): string;
}

const platform = 'onnxruntime_onnx';
const extensions = ['binary_tensor_data', 'model_repository'];
/** Before any model says otherwise. */
const leastMaxBody = 1 << 20;

export const createInference = (repository: Repository, version: string): Inference => ({
  repository,
  serverMetadata: () => ({ name: 'groundswell', version, extensions }),
  modelMetadata: (name, wanted) => {
    const { session } = askable(name, repository.version(name, wanted)).executor;
    const versions = repository
      .model(name)
      .versions()
      .map((each) => each.name);
    return { name, versions, platform, inputs: session.inputs, outputs: session.outputs };
  },
  isModelReady: (name, wanted) => {
    const model = repository.model(name);
    if (wanted === '') return model.choose(undefined)?.executor !== undefined;
    return repository.version(name, wanted).executor !== undefined;
  },
  infer: (request, context) => {
    const model = repository.model(request.model);
    const chosen = request.version === '' ? model.choose(keyOf(request, model)) : undefined;
    const found = askable(model.name, chosen ?? repository.version(model.name, request.version));
    const why = whyOf(model, request);
    const answer = ask(found, request, {
      deadline: deadlineOf(request, context, model),
      isCancelled: context.isCancelled,
    });
    return why === undefined ? answer : withOutput(answer, why);
  },
  score: (request, context) => {
    const model = scorableOf(repository, request.model);
    const deadline = context.deadline ?? context.startedAt + model.limits().deadlineMs;
    return model.score(request, { ...context, deadline });
  },
  label: (name) => (repository.models().some((model) => model.name === name) ? name : ''),
  maxBodyBytes: () => Math.max(leastMaxBody, ...repository.models().map((model) => model.limits().maxBodyBytes)),
});

type Scorable = ServedModel & Required<Pick<ServedModel, 'score'>>;

const scorableOf = (repository: Repository, name: string | undefined): Scorable => {
  const scorable = (name === undefined ? repository.models() : [repository.model(name)]).filter(
    (model): model is Scorable => model.score !== undefined,
  );
  const [only] = scorable;
  if (only !== undefined && scorable.length === 1) return only;
  if (name !== undefined)
    throw invalid(`Cannot score by key: model "${name}" takes tensors only, ask it for /v2/models/${name}/infer`);
  throw invalid(
    `Cannot score by key: ${only === undefined ? 'no model knows features' : 'several models do, name one of them'}`,
  );
};

interface Askable {
  readonly name: string;
  readonly executor: Executor;
}

const askable = (model: string, { name, executor, problem }: ServedVersion): Askable => {
  if (executor !== undefined) return { name, executor };
  throw new ProtocolError(
    'Unavailable',
    `Cannot ask version "${name}" of model "${model}": ${problem ?? 'it does not serve'}`,
  );
};

const keyOf = ({ parameters }: InferRequest, { keys }: ServedModel): string | undefined => {
  for (const key of keys) {
    const value = parameters[key];
    if (value !== undefined) return String(value);
  }
  return undefined;
};

/** The parameter `timeout`, in microseconds, is Triton's; the sooner one counts. */
const deadlineOf = (
  { parameters }: InferRequest,
  { startedAt, deadline }: RequestContext,
  model: ServedModel,
): number => {
  const timeoutUs = Number(parameters['timeout'] ?? 0);
  const own = timeoutUs > 0 ? startedAt + timeoutUs / 1000 : undefined;
  if (own !== undefined && deadline !== undefined) return Math.min(own, deadline);
  return own ?? deadline ?? startedAt + model.limits().deadlineMs;
};

const withOutput = async (
  answer: Promise<InferResponse>,
  more: (version: string) => Promise<Tensor>,
): Promise<InferResponse> => {
  const response = await answer;
  return { ...response, outputs: [...response.outputs, await more(response.version)] };
};

interface Waiting {
  readonly deadline: number;
  readonly isCancelled: (() => boolean) | undefined;
}

const ask = async (
  { name, executor }: Askable,
  request: InferRequest,
  { deadline, isCancelled }: Waiting,
): Promise<InferResponse> => {
  const { inputs, outputs } = executor.session;
  const work = {
    inputs: matched(inputs, request.inputs),
    outputs: request.outputs.length === 0 ? allOf(outputs) : wanted(outputs, request.outputs),
    deadline,
    ...(isCancelled !== undefined && { isCancelled }),
  };
  return { model: request.model, version: name, id: request.id, outputs: await executor.submit(work) };
};

/** One list for each model, so that requests for everything are seen to want the same. */
const names = new WeakMap<readonly TensorSpec[], readonly string[]>();
const allOf = (outputs: readonly TensorSpec[]): readonly string[] => {
  const known = names.get(outputs) ?? outputs.map(({ name }) => name);
  names.set(outputs, known);
  return known;
};

const wanted = (specs: readonly TensorSpec[], asked: readonly string[]): readonly string[] => {
  const all = allOf(specs);
  for (const name of asked)
    if (!all.includes(name)) throw invalid(`Cannot give output "${name}": the model has ${quoted(all)}`);
  if (new Set(asked).size < asked.length) throw invalid('Cannot give an output twice: name each once');
  return asked.length === all.length && asked.every((name, i) => name === all[i]) ? all : asked;
};

const quoted = (all: readonly string[]): string => all.map((name) => `"${name}"`).join(', ');

/** The request's inputs in the order of the model's. */
const matched = (specs: readonly TensorSpec[], inputs: readonly Tensor[]): readonly Tensor[] => {
  if (inputs.length !== specs.length)
    throw invalid(
      `Cannot run the model: it has ${specs.length} inputs (${quoted(specs.map(({ name }) => name))}), the request has ${inputs.length}`,
    );
  const rows = inputs[0]?.shape[0];
  return specs.map((spec) => {
    const input = inputs.find(({ name }) => name === spec.name);
    if (input === undefined)
      throw invalid(
        `Cannot run the model: its input "${spec.name}" is missing, the request has ${quoted(inputs.map(({ name }) => name))}`,
      );
    if (input.datatype !== spec.datatype)
      throw invalid(
        `Cannot run the model: its input "${spec.name}" is ${spec.datatype}, the request has ${input.datatype}`,
      );
    if (!fits(input.shape, spec.shape))
      throw invalid(
        `Cannot run the model: its input "${spec.name}" is ${described(spec)}, the request has ${described(input)}`,
      );
    if (spec.shape[0] === -1 && input.shape[0] !== rows)
      throw invalid(`Cannot run the model: its inputs have different numbers of rows, ${rows} and ${input.shape[0]}`);
    return input;
  });
};

/** Empty tensors are refused: some models crash on them, and there is nothing to answer. */
const fits = (given: readonly number[], declared: readonly number[]): boolean => {
  if (given.length !== declared.length) return false;
  for (let i = 0; i < given.length; i++)
    if (given[i] === 0 || (declared[i] !== -1 && given[i] !== declared[i])) return false;
  return true;
};
