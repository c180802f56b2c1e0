/** For the place that the type checker has shown to be out of reach. Reaching it at run time is a bug. */
export function never(value: never, what: string): never {
  throw new Error(`Unexpected ${what}: ${JSON.stringify(value)}`);
}
