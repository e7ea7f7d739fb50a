import { setImmediate as nextTurn } from 'node:timers/promises';
import { ProtocolError } from '../oip/status.ts';
import type { Tensor } from '../oip/tensor.ts';
import { deliver, fitTogether, inputsOf, type Job, joined, outputsOf, type Slice, type Work } from './batch.ts';
import { createPace } from './pace.ts';
import type { Session } from './session.ts';

/** How much goes together, and how much may wait. All of it is live. */
export interface Limits {
  /** Rows of a run, at most. */
  readonly maxRows: number;
  /** Longest wait for more rows, ms. */
  readonly maxWaitMs: number;
  /** Rows that may wait. */
  readonly maxQueue: number;
}

/** Runs a session, one run at a time, with the rows of all that wait put together. */
export interface Executor {
  readonly session: Session;
  /**
   * @returns the outputs that are wanted, in that order
   * @throws ProtocolError ResourceExhausted at once where it would not come to its turn; DeadlineExceeded, Cancelled; InvalidArgument where the model fails on these inputs
   */
  submit(work: Work): Promise<readonly Tensor[]>;
  /** Rows that wait. */
  waiting(): number;
  setLimits(limits: Limits): void;
  /** Ends what was submitted, and then the session. Nothing may be submitted after. */
  close(): Promise<void>;
}

export interface ExecutorOptions {
  readonly session: Session;
  /** Whether rows can run together, and give what each would give alone. */
  readonly isBatchable: boolean;
  readonly limits: Limits;
  readonly onRun: (run: { readonly rows: number; readonly seconds: number }) => void;
}

export const createExecutor = (options: ExecutorOptions): Executor => {
  const { session, isBatchable, onRun } = options;
  const pace = createPace();
  let { limits } = options;
  let queue: Job[] = [];
  let waiting = 0;
  let pumping: Promise<void> | undefined;

  const admit = ({ deadline }: Work, rows: number): void => {
    if (deadline === undefined) return;
    if (performance.now() > deadline) throw tooLate();
    const waitMs = pace.estimate(waiting);
    // A request larger than the queue must get through some time: it does when nothing else waits.
    if (waiting > 0 && waiting + rows > limits.maxQueue)
      throw overloaded(`${waiting} rows wait, at most ${limits.maxQueue} may`, waitMs);
    if (performance.now() + waitMs > deadline)
      throw overloaded(`${waiting} rows wait, it would not come to its turn in time`, waitMs);
  };
  /** Takes rows for one run, first come first served; a job that does not fit goes on behind the others. */
  const takeBatch = (): readonly Slice[] => {
    const slices: Slice[] = [];
    const unfinished: Job[] = [];
    let room = isBatchable ? limits.maxRows : 1;
    let taken = 0;
    for (; taken < queue.length && room > 0; taken++) {
      const job = queue[taken] as Job;
      if (isOver(job)) continue;
      if (slices[0] !== undefined && !fitTogether(slices[0].job, job)) break;
      const count = isBatchable ? Math.min(job.rows - job.begun, room) : job.rows;
      slices.push({ job, from: job.begun, count });
      job.begun += count;
      room -= count;
      if (job.begun < job.rows) unfinished.push(job);
    }
    queue = [...queue.slice(taken), ...unfinished];
    return slices;
  };
  /** Says so to whoever waits for a job that is not worth running. */
  const isOver = (job: Job): boolean => {
    const why = reasonToDrop(job);
    if (why === undefined) return false;
    settle(job, () => job.reject(why));
    return true;
  };
  const settle = (job: Job, say: () => void): void => {
    waiting -= job.rows;
    say();
  };

  const runSlices = async (slices: readonly Slice[]): Promise<void> => {
    const startedAt = performance.now();
    const rows = slices.reduce((sum, { count }) => sum + count, 0);
    try {
      const wanted = outputsOf(slices);
      const outputs = await session.run(
        isBatchable ? inputsOf(session, slices) : (slices[0]?.job.inputs ?? []),
        wanted,
      );
      deliver(slices, new Map(outputs.map((output) => [output.name, output])), { rows, isBatchable });
    } catch (error) {
      // Rows that a model fails on must not take those of others along.
      if (slices.length > 1) for (const slice of slices) await runSlices([slice]);
      else for (const { job } of slices) fail(job, error);
      return;
    } finally {
      onRun({ rows, seconds: (performance.now() - startedAt) / 1000 });
    }
    for (const { job } of slices)
      if (job.begun === job.rows)
        settle(job, () => job.resolve(job.outputs.map((name, i) => joined(name, job.parts[i] ?? []))));
  };
  const fail = (job: Job, error: unknown): void => {
    queue = queue.filter((other) => other !== job);
    settle(job, () => job.reject(refusedByModel(error)));
  };

  /** More rows are waited for while they come and something waits with them; a request by itself runs at once. */
  const gather = async (): Promise<void> => {
    let before = 0;
    while (isBatchable && queue.length > 1 && waiting > before && waiting < limits.maxRows) {
      const [oldest] = queue;
      if (oldest === undefined || performance.now() - oldest.submittedAt >= limits.maxWaitMs) return;
      before = waiting;
      await nextTurn();
    }
  };
  const pump = async (): Promise<void> => {
    // What came in the same turn goes together.
    await nextTurn();
    while (queue.length > 0) {
      await gather();
      const slices = takeBatch();
      if (slices.length === 0) continue;
      const rows = slices.reduce((sum, { count }) => sum + count, 0);
      await runSlices(slices);
      pace.ran(rows, { more: queue.length > 0, isFull: rows >= (isBatchable ? limits.maxRows : 1) });
    }
    pace.rest();
    pumping = undefined;
  };

  return {
    session,
    submit: (work) =>
      new Promise((resolve, reject) => {
        const rows = isBatchable ? (work.inputs[0]?.shape[0] ?? 1) : 1;
        admit(work, rows);
        const parts = work.outputs.map(() => []);
        queue.push({ ...work, rows, begun: 0, parts, submittedAt: performance.now(), resolve, reject });
        waiting += rows;
        pumping ??= pump();
      }),
    waiting: () => waiting,
    setLimits: (next) => {
      limits = next;
    },
    close: async () => {
      await pumping;
      await session.close();
    },
  };
};

const overloaded = (what: string, waitMs: number): ProtocolError =>
  new ProtocolError('ResourceExhausted', `Cannot take the request: ${what}, try again later`, {
    retryAfterMs: Math.max(1, Math.ceil(waitMs)),
  });

const tooLate = (): ProtocolError =>
  new ProtocolError(
    'DeadlineExceeded',
    'Cannot answer in time: the deadline passed while the request waited, try again or allow more',
  );

const reasonToDrop = ({ deadline, isCancelled }: Job): ProtocolError | undefined => {
  if (isCancelled?.() === true) return new ProtocolError('Cancelled', 'Cannot answer: the request was cancelled');
  return deadline !== undefined && performance.now() > deadline ? tooLate() : undefined;
};

/** The model's words are about what it was given: it runs on other inputs. */
const refusedByModel = (error: unknown): ProtocolError => {
  const line = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  return new ProtocolError('InvalidArgument', `Cannot run the model on these inputs: ${line}`, { cause: error });
};
