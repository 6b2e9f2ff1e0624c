/** A command that cannot do what it was told: one clear line, without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** 2 for bad arguments, 1 for everything else. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
