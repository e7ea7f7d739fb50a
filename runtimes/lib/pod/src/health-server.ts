import { createServer, type Server, type ServerResponse } from 'node:http';
import { type Address, listen } from '@groundswell/http';
import type { Health, Metrics } from '@groundswell/process';

export interface HealthServerOptions extends Address {
  readonly health: () => Health;
  readonly metrics: Metrics;
  readonly report: () => object;
}

const answer = (response: ServerResponse, status: number, type: string, body: string): void => {
  response.writeHead(status, { 'content-type': type }).end(body);
};

/**
 * What the kubelet, Prometheus and the operator (`/report`) ask. Alive as long as it answers; ready only when the program
 * says so; a stalled program is not restarted in a loop, it shows why it stands.
 *
 * @throws Error when it cannot listen
 */
export const startHealthServer = async ({
  host,
  port,
  health,
  metrics,
  report,
}: HealthServerOptions): Promise<Server> => {
  const server = createServer((request, response) => {
    const { kind, ...why } = health();
    if (request.url === '/healthz') answer(response, 200, 'text/plain', 'ok\n');
    else if (request.url === '/readyz')
      answer(response, kind === 'ready' ? 200 : 503, 'application/json', `${JSON.stringify({ kind, ...why })}\n`);
    else if (request.url === '/report') answer(response, 200, 'application/json', `${JSON.stringify(report())}\n`);
    else if (request.url === '/metrics')
      metrics.registry.metrics().then(
        (text) => answer(response, 200, metrics.registry.contentType, text),
        (error: unknown) => answer(response, 500, 'text/plain', `${String(error)}\n`),
      );
    else answer(response, 404, 'text/plain', 'not found\n');
  });
  await listen(server, { host, port }, 'set HEALTH_HOST and HEALTH_PORT to a free address');
  return server;
};
