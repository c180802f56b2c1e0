import type { BuildPlan } from '../driver.ts';

/** Where a build finds the host's certificates, its home, and the archives that it unpacks and packs. */
export const buildPaths = {
  certificates: '/run/ringfort/ca-certificates.crt',
  source: '/run/ringfort/source.tar',
  layer: '/run/ringfort/layer.tar',
  home: '/run/ringfort/home',
} as const;

/** The variables of a build's command. The proxy is the only way out, so every tool is told of it in the way it knows. */
export function buildVariables(plan: BuildPlan): Readonly<Record<string, string>> {
  const proxy = `http://${plan.proxy.address}:${plan.proxy.port}`;
  return {
    ...plan.variables,
    HOME: buildPaths.home,
    HTTP_PROXY: proxy,
    HTTPS_PROXY: proxy,
    http_proxy: proxy,
    https_proxy: proxy,
    NO_PROXY: 'localhost,127.0.0.1',
    no_proxy: 'localhost,127.0.0.1',
    npm_config_proxy: proxy,
    npm_config_https_proxy: proxy,
    npm_config_cafile: buildPaths.certificates,
    npm_config_update_notifier: 'false',
    NODE_USE_ENV_PROXY: '1',
    NODE_EXTRA_CA_CERTS: buildPaths.certificates,
    SSL_CERT_FILE: buildPaths.certificates,
    CURL_CA_BUNDLE: buildPaths.certificates,
    GIT_SSL_CAINFO: buildPaths.certificates,
  };
}
