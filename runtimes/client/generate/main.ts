// Writes src/schema.ts, the types of the API, from the OpenAPI document that the API serves.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaText } from './schema.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const document = JSON.parse(readFileSync(join(root, 'docs', 'api', 'openapi.json'), 'utf8'));
writeFileSync(join(import.meta.dirname, '..', 'src', 'schema.ts'), schemaText(document));
