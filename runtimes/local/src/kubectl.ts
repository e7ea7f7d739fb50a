import { Command } from 'commander';
import { type Cluster, createCluster } from './plugin/cluster.ts';
import { explain, explainScale } from './plugin/explain.ts';
import { renderResources } from './plugin/top.ts';
import { type WishName, wishFor } from './plugin/wishes.ts';

// `kubectl groundswell …`: kubectl runs the program kubectl-groundswell that it finds on the PATH.

const program = new Command('kubectl groundswell')
  .description('What Groundswell does in a cluster, and what a person may ask of it')
  .version('0.1.0')
  .showHelpAfterError('(add --help for the options)')
  .configureHelp({ sortSubcommands: false });

interface Options {
  readonly namespace?: string;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly allNamespaces?: boolean;
}

/** With the options of kubectl by which it finds the cluster. */
const command = (name: string, description: string): Command =>
  program
    .command(name)
    .description(description)
    .option('-n, --namespace <name>', 'namespace, in place of that of the context')
    .option('--context <name>', 'context of the kubeconfig')
    .option('--kubeconfig <path>', 'kubeconfig');

const clusterOf = ({ allNamespaces: _, ...connection }: Options): Cluster => createCluster(connection);
const print = (lines: readonly string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);
const resources = ['<resource...>', 'as in fw/post-10m'] as const;

command('top', 'show all resources, what is not well first: pods, rates, how far behind')
  .option('-A, --all-namespaces', 'of all namespaces')
  .action(async (options: Options) => {
    const allNamespaces = options.allNamespaces === true;
    print(renderResources(await clusterOf(options).list({ allNamespaces }), { withNamespace: allNamespaces }));
  });

command('explain', 'say why a resource is as it is: conditions, rollout, failures, Events')
  .argument(...resources)
  .action(async (names: readonly string[], options: Options) => {
    const cluster = clusterOf(options);
    for (const name of names) {
      const seen = await cluster.get(name);
      print(explain(seen, { events: await cluster.eventsOf(seen), now: Date.now() }));
    }
  });

command('why-scaled', 'say why a resource has as many pods as it has')
  .argument(...resources)
  .action(async (names: readonly string[], options: Options) => {
    for (const name of names) print(explainScale(await clusterOf(options).get(name), { now: Date.now() }));
  });

command('deadletters', 'look at what programs could not use, and give it back: deadletters list vp/virality')
  .argument(
    '<what>',
    'list, show or replay, with what groundswell deadletters takes: deadletters show vp/virality 0-17',
  )
  .argument('<pipeline>', 'as in vp/virality')
  .argument('[words...]', 'ids and options')
  .allowUnknownOption()
  .action(async (what: string, pipeline: string, words: readonly string[], options: Options) => {
    const cluster = clusterOf(options);
    process.exitCode = await cluster.deadLetters(await cluster.get(pipeline), [what, ...words]);
  });

const wishes: Readonly<Record<WishName, string>> = {
  promote: 'agree to the challenger of a model: pass the wait that its rollout stands at',
  abort: 'give up the challenger of a model, now and for good',
  pause: 'stop the pods of a resource and keep its state',
  resume: 'let the pods of a paused resource go on',
};
for (const [wish, description] of Object.entries(wishes) as [WishName, string][])
  command(wish, description)
    .argument(...resources)
    .action(async (names: readonly string[], options: Options) => {
      const cluster = clusterOf(options);
      // All are looked at before the first is changed: a misspelt name changes nothing.
      const seen = await Promise.all(names.map((name) => cluster.get(name)));
      const wanted = seen.map((resource) => ({ resource, ...wishFor(wish, resource, Date.now()) }));
      for (const { resource, patch, said } of wanted) {
        await cluster.change(resource, patch);
        print([said]);
      }
    });

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
