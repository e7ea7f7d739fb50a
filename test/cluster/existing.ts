import { say } from '../servers/programs.ts';
import { ensureTool } from './build.ts';
import type { ControlPlane } from './contract.ts';
import { runWith } from './kubectl.ts';

/** Set to the name of the current context of `KUBECONFIG` to let the tests have a cluster that is not on loopback. */
const consent = 'GROUNDSWELL_TEST_CONTEXT';

const isLoopback = (server: string): boolean => /^(127\.|localhost$|\[::1\]$)/.test(new URL(server).hostname);

const notOurs = (what: string) => async (): Promise<never> => {
  throw new Error(`Cannot ${what}: the cluster is that of KUBECONFIG, unset it to test on one of our own`);
};

/**
 * The cluster of `KUBECONFIG`, if that is set. Tests create and delete resources, CRDs among them, so one that is not on
 * this machine has to be named once more.
 * @throws Error when it is not
 */
export const existingCluster = async (): Promise<ControlPlane | undefined> => {
  const kubeconfig = process.env['KUBECONFIG'] ?? '';
  if (kubeconfig === '') return undefined;
  const command = await ensureTool('kubectl');
  const kubectl = (...words: readonly string[]) => runWith({ command, kubeconfig }, words);
  const view = (path: string) => kubectl('config', 'view', '--minify', '-o', `jsonpath={${path}}`);
  const context = await view('.current-context');
  const server = await view('.clusters[0].cluster.server');
  if (!isLoopback(server) && process.env[consent] !== context)
    throw new Error(
      `Cannot test on the cluster of KUBECONFIG: "${context}" is at ${server}, set ${consent}=${context} to let tests create and delete resources there, or unset KUBECONFIG to test on one of our own`,
    );
  say(`Kubernetes: the one of KUBECONFIG, "${context}" at ${server}`);
  return {
    kubeconfig,
    kubectl,
    apply: async (input) => {
      await runWith({ command, kubeconfig, input }, ['apply', '--server-side', '-f', '-']);
    },
    auditLog: undefined,
    restartApiServer: notOurs('restart the API server'),
    stopEtcd: notOurs('stop etcd'),
    startEtcd: notOurs('start etcd'),
    stop: async () => undefined,
  };
};
