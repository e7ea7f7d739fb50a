import { readFile } from 'node:fs/promises';
import { Program } from '@groundswell/graph';
import { createCommand } from './command.ts';
import { openKafka } from './open-kafka.ts';
import { placeOf } from './place.ts';

// In a pod of any program that has dead letters, beside it: `kubectl exec … start.js deadletters list`.

const command = createCommand(
  async () => {
    const program = Program.parse(JSON.parse(await readFile(process.env['GROUNDSWELL_PROGRAM'] ?? '', 'utf8')));
    return { ...(await openKafka(process.env)), place: placeOf([program]) };
  },
  (own) => own,
);
try {
  await command.parseAsync();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
