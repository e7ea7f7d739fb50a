import { timeProgram, timeTopic } from './from-kafka.ts';
import { timeFile } from './measure.ts';
import { besideFlink } from './queries.ts';

interface Any {
  readonly query: keyof typeof besideFlink;
  readonly events: number;
}

/** What is timed in a process of its own. */
export type Task =
  | (Any & { readonly kind: 'file'; readonly path: string })
  | (Any & { readonly kind: 'topic'; readonly brokers: readonly string[] })
  | (Any & { readonly kind: 'program'; readonly brokers: readonly string[]; readonly redis: string });

const run = (task: Task) => {
  const query = besideFlink[task.query];
  switch (task.kind) {
    case 'file':
      return timeFile(query, task.path, task.events);
    case 'topic':
      return timeTopic(query, task);
    case 'program':
      return timeProgram(query, task);
  }
};

if (import.meta.main) {
  const done = await run(JSON.parse(process.argv[2] ?? '') as Task);
  // In kilobytes.
  console.log(JSON.stringify({ ...done, peakBytes: process.resourceUsage().maxRSS * 1024 }));
  process.exit();
}
