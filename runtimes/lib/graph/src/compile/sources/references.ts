import type { ValueReference } from '../../programs/index.ts';

interface KeyReference {
  readonly name: string;
  readonly key: string;
}

export const secretOf = ({ name, key }: KeyReference): ValueReference => ({ from: 'secret', name, key });

export const configOf = ({ name, key }: KeyReference): ValueReference => ({ from: 'configMap', name, key });
