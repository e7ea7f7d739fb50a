import { servingModels } from './models.ts';

// `make models`: where they are, on standard output.
process.stdout.write(`${servingModels()}\n`);
