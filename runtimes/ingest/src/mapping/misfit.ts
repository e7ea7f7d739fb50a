/** Why a row, or a value of it, cannot be used. A value, not an exception: bad rows are expected, and may be many. */
export class Misfit {
  readonly problem: string;

  constructor(problem: string) {
    this.problem = problem;
  }
}
