import { setTimeout as after } from 'node:timers/promises';
import {
  type Case,
  flaskBody,
  flaskProbabilities,
  grpcBody,
  grpcProbabilities,
  httpBody,
  httpProbabilities,
  modelName,
} from './cases.ts';
import type { Connect } from './connection.ts';
import { httpConnect } from './http1-connection.ts';
import { grpcConnect } from './http2-connection.ts';
import type { Target } from './load.ts';
import type { Peer } from './peers.ts';

/** float32 sums of 300 trees, and what ONNX Runtime and XGBoost add in different orders. */
const tolerance = 1e-5;

const protocols = {
  grpc: {
    body: grpcBody,
    read: grpcProbabilities,
    connect: (bodies: readonly Buffer[], timeout: string | undefined): Connect =>
      grpcConnect({
        path: '/inference.GRPCInferenceService/ModelInfer',
        bodies,
        ...(timeout !== undefined && { timeout }),
      }),
  },
  http: {
    body: httpBody,
    read: httpProbabilities,
    connect: (bodies: readonly Buffer[]): Connect => httpConnect({ path: `/v2/models/${modelName}/infer`, bodies }),
  },
  flask: {
    body: flaskBody,
    read: flaskProbabilities,
    connect: (bodies: readonly Buffer[]): Connect => httpConnect({ path: '/predict', bodies }),
  },
};

/** Asks each request once. @throws Error where nobody answers, or an answer is not what XGBoost says */
export const targetOf = async (
  { name, protocol, address }: Peer,
  cases: readonly Case[],
  timeout?: string,
): Promise<Target> => {
  const { body, read, connect } = protocols[protocol];
  const open = connect(cases.map(body), timeout);
  const connection = await eventually(() => open(address));
  const answers: Buffer[] = [];
  for (const [i, { probabilities }] of cases.entries()) {
    const answer = await eventually(async () => {
      const got = await new Promise<Buffer | undefined>((resolve) => connection.ask(i, resolve));
      if (got === undefined) throw new Error(`Cannot bench ${name}: it refuses a request`);
      return Buffer.from(got);
    });
    const got = read(answer);
    const worst = Math.max(...probabilities.map((wanted, place) => Math.abs(wanted - (got[place] ?? Number.NaN))));
    if (!(worst <= tolerance)) throw new Error(`Cannot bench ${name}: its answer differs by ${worst} from XGBoost's`);
    answers.push(answer);
  }
  connection.close();
  return { address, connect: open, answers };
};

/** Servers say that they are ready before they are. */
const eventually = async <T>(attempt: () => Promise<T>): Promise<T> => {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (tries === 40) throw error;
      await after(250);
    }
  }
};
