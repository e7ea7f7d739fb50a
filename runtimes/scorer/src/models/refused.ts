interface RefusedOptions {
  readonly cause?: unknown;
  /** Another try may succeed, with nothing changed. */
  readonly isTransient?: boolean;
}

/** Why a variant cannot serve, in the words of its status. The others go on. */
export class ModelRefusedError extends Error {
  override readonly name = 'ModelRefusedError';
  readonly isTransient: boolean;
  constructor(variant: string, problem: string, { cause, isTransient = false }: RefusedOptions = {}) {
    super(`Cannot serve variant "${variant}": ${problem}`, { cause });
    this.isTransient = isTransient;
  }
}
