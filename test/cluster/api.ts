import { freePorts, startDaemon } from '../servers/daemon.ts';
import { ensureTool } from './build.ts';
import type { ControlPlane } from './contract.ts';

export interface Answer {
  readonly status: number;
  /** The object, or a Status that says what is wrong with it. */
  readonly body: { readonly message?: string; readonly [field: string]: unknown };
}

/** Requests to the API server without a start of kubectl for each. */
export interface Api {
  request(method: 'GET' | 'POST' | 'DELETE', path: string, object?: unknown): Promise<Answer>;
  close(): Promise<void>;
}

/** Through `kubectl proxy`, so with whatever credentials the kubeconfig names. */
export const openApi = async ({ kubeconfig }: Pick<ControlPlane, 'kubeconfig'>): Promise<Api> => {
  const command = await ensureTool('kubectl');
  const [port = 0] = await freePorts(1);
  const words = ['proxy', `--port=${port}`, `--kubeconfig=${kubeconfig}`];
  const daemon = await startDaemon({
    command,
    words,
    folder: '/',
    readyText: 'Starting to serve',
    readyWithinMs: 10_000,
  });
  return {
    request: async (method, path, object) => {
      const body = object === undefined ? {} : { body: JSON.stringify(object) };
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers, ...body });
      return { status: response.status, body: (await response.json()) as Answer['body'] };
    },
    close: () => daemon.kill(),
  };
};
