/** A Go module that programs are built from. */
interface Source {
  readonly name: string;
  readonly module: string;
  /** Without the leading "v"; with the program's name the key of what is built. */
  readonly version: string;
  /** Modules that must be of one version with it; its own go.mod says so by relative paths, which only its own tree has. */
  readonly replace?: { readonly modules: readonly string[]; readonly version: string };
  /** Package variables that tell the program its version: `-ldflags -X`. */
  readonly stamps?: readonly string[];
}

export interface Tool {
  readonly source: Source;
  readonly package: string;
  /** Roughly, on two cores, with nothing compiled before. */
  readonly minutes: number;
}

const kubernetes: Source = {
  name: 'kubernetes',
  module: 'k8s.io/kubernetes',
  version: '1.34.4',
  replace: {
    modules: [
      ...['api', 'apiextensions-apiserver', 'apimachinery', 'apiserver', 'cli-runtime', 'client-go', 'cloud-provider'],
      ...[
        'cluster-bootstrap',
        'code-generator',
        'component-base',
        'component-helpers',
        'controller-manager',
        'cri-api',
      ],
      ...['cri-client', 'csi-translation-lib', 'dynamic-resource-allocation', 'endpointslice', 'externaljwt', 'kms'],
      ...[
        'kube-aggregator',
        'kube-controller-manager',
        'kube-proxy',
        'kube-scheduler',
        'kubectl',
        'kubelet',
        'metrics',
      ],
      ...['mount-utils', 'pod-security-admission', 'sample-apiserver'],
    ].map((name) => `k8s.io/${name}`),
    version: '0.34.4',
  },
  stamps: ['k8s.io/component-base/version.gitVersion=v1.34.4'],
};
const etcd: Source = { name: 'etcd', module: 'go.etcd.io/etcd/server/v3', version: '3.6.5' };
const helm: Source = {
  name: 'helm',
  module: 'helm.sh/helm/v3',
  version: '3.21.4',
  // Without the last two `helm template` takes the cluster for Kubernetes 1.20.
  stamps: [
    'helm.sh/helm/v3/internal/version.version=v3.21.4',
    'helm.sh/helm/v3/pkg/chartutil.k8sVersionMajor=1',
    'helm.sh/helm/v3/pkg/chartutil.k8sVersionMinor=34',
  ],
};
const kwok: Source = { name: 'kwok', module: 'sigs.k8s.io/kwok', version: '0.8.0' };
const coredns: Source = { name: 'coredns', module: 'github.com/coredns/coredns', version: '1.13.1' };
const kubeconform: Source = { name: 'kubeconform', module: 'github.com/yannh/kubeconform', version: '0.7.0' };

const command = (source: Source, name: string, minutes: number): Tool => ({
  source,
  package: `${source.module}/cmd/${name}`,
  minutes,
});

/** What a test cluster is made of. A newer version here is all that an upgrade takes. */
export const tools = {
  'kube-apiserver': command(kubernetes, 'kube-apiserver', 5),
  'kube-controller-manager': command(kubernetes, 'kube-controller-manager', 2),
  'kube-scheduler': command(kubernetes, 'kube-scheduler', 1),
  kubelet: command(kubernetes, 'kubelet', 2),
  'kube-proxy': command(kubernetes, 'kube-proxy', 1),
  kubectl: command(kubernetes, 'kubectl', 2),
  etcd: { source: etcd, package: etcd.module, minutes: 1 },
  helm: command(helm, 'helm', 2),
  kwok: command(kwok, 'kwok', 2),
  coredns: { source: coredns, package: coredns.module, minutes: 4 },
  kubeconform: command(kubeconform, 'kubeconform', 1),
} as const satisfies Readonly<Record<string, Tool>>;

export type ToolName = keyof typeof tools;

/** The go.mod of a module that does nothing but require the source. `go build -mod=mod` adds the rest. */
export const goModOf = ({ module, version, replace }: Source): string =>
  [
    'module groundswell.dev/test-cluster',
    'go 1.24.0',
    `require ${module} v${version}`,
    ...(replace?.modules ?? []).map((name) => `replace ${name} => ${name} v${replace?.version}`),
    '',
  ].join('\n');
