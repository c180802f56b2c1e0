/** A failure that whoever runs the machine can do something about. `advice` says what; it is shown below the message. */
export class SetupFailure extends Error {
  readonly advice: string;

  constructor(message: string, options: { readonly advice: string; readonly cause?: unknown }) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.name = 'SetupFailure';
    this.advice = options.advice;
  }
}
