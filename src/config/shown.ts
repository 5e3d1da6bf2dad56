/** The configuration as it may be shown: without the credential that an upstream proxy may carry. */
import type { Config } from './schema.ts';

/** Replaces the password of a URL's userinfo. */
function withoutPassword(url: string): string {
  return url.replace(/^([a-z]+:\/\/[^/?#]*?):[^/?#]*@/i, '$1:***@');
}

/** Returns the configuration with no secret in it, for `config show` and for logs. */
export function shownConfig(config: Config): Config {
  const { proxy } = config.upstream;
  if (proxy === undefined) return config;
  return { ...config, upstream: { ...config.upstream, proxy: withoutPassword(proxy) } };
}
