/** A process to be killed: commits three numbers in the folder that it is given, leaves a fourth uncommitted, and waits. */
import { createLogger, systemClock } from '@groundswell/process';
import { createEmbeddedStores } from './embedded-stores.ts';

const directory = process.argv[2] ?? '';
const stores = await createEmbeddedStores({ clock: systemClock, directory, logger: createLogger('fixture', 'silent') });
for (let i = 1; i <= 4; i++) {
  const batch = stores.keyValue.batch();
  batch.counterAdd('count', 1);
  await batch.run();
  // Larger than the journal's buffer, so that the uncommitted end reaches the file as well.
  await stores.checkpoints.save('state', new Uint8Array(3_000_000).fill(i));
  if (i < 4) await stores.commit();
}
process.stdout.write('ready\n');
setInterval(() => undefined, 1000);
