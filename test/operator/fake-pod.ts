import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Kube } from '@groundswell/operator/kube';
import { podType } from '@groundswell/operator/plan';
import { onTestFinished } from 'vitest';

interface FakePod {
  readonly pipeline: string;
  readonly program: string;
  /** What it answers to `/report`, the first time and then. */
  readonly report: (answers: number) => object;
}

const listen = async (report: FakePod['report']): Promise<number> => {
  let answers = 0;
  const server = createServer((_, response) => {
    response.end(JSON.stringify(report(answers)));
    answers += 1;
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

/** A pod as the API server would have it, and what a program answers in it. Real ones are tested where there are nodes. */
export const putPod = async (kube: Kube, { pipeline, program, report }: FakePod): Promise<string> => {
  const port = await listen(report);
  const labels = {
    'app.kubernetes.io/managed-by': 'groundswell',
    'app.kubernetes.io/instance': pipeline,
    'groundswell.dev/program': program,
  };
  const name = `${pipeline}-${program}-0`;
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default', labels } };
  const container = { name: 'main', image: 'none', ports: [{ name: 'health', containerPort: port }] };
  const spec = { serviceAccountName: `${pipeline}-${program}`, containers: [container] };
  await kube.apply(podType, { ...pod, spec }, { fieldManager: 'test' });
  const status = {
    phase: 'Running',
    podIP: '127.0.0.1',
    podIPs: [{ ip: '127.0.0.1' }],
    conditions: [{ type: 'Ready', status: 'True' }],
  };
  await kube.apply(podType, { ...pod, status }, { fieldManager: 'kubelet', subresource: 'status' });
  return name;
};
