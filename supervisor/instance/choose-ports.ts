export type Ports = { readonly httpPort: number; readonly httpsPort: number };

/**
 * The ports of the web server: 80 and 443 where it may have them and both are free, else the first free pair from 8080 and 8443 upwards.
 * What is wanted by number is taken as it is. Undefined when no pair is free.
 */
export async function choosePorts(
  wanted: WantedPorts,
  isFree: (port: number) => Promise<boolean>,
): Promise<Ports | undefined> {
  const standard = wanted.mayTakeStandardPorts ? [{ httpPort: 80, httpsPort: 443 }] : [];
  const others = Array.from({ length: pairsMax }, (_, step) => ({ httpPort: 8_080 + step, httpsPort: 8_443 + step }));
  for (const pair of [...standard, ...others]) {
    const httpPort = wanted.httpPort ?? pair.httpPort;
    const httpsPort = wanted.httpsPort ?? pair.httpsPort;
    const isHttpFree = wanted.httpPort !== undefined || (await isFree(httpPort));
    const isHttpsFree = wanted.httpsPort !== undefined || (await isFree(httpsPort));
    if (isHttpFree && isHttpsFree && httpPort !== httpsPort) return { httpPort, httpsPort };
  }
  return undefined;
}

export type WantedPorts = {
  readonly httpPort: number | undefined;
  readonly httpsPort: number | undefined;
  readonly mayTakeStandardPorts: boolean;
};

const pairsMax = 100;
