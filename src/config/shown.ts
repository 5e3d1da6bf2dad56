/** The configuration as it may be shown: without the credential that an upstream proxy may carry. */
import type { Config } from './schema.ts';

/** Replaces the password of a URL's userinfo, or all of it: a name alone is a token. */
function withoutPassword(url: string): string {
  return url.replace(/^([a-z]+:\/\/)(?:([^/?#:]*):)?[^/?#]*@/i, (_, scheme: string, user?: string) =>
    user === undefined ? `${scheme}***@` : `${scheme}${user}:***@`,
  );
}

/** Returns the configuration with no secret in it, for `config show` and for logs. */
export function shownConfig(config: Config): Config {
  const { proxy } = config.upstream;
  if (proxy === undefined) return config;
  return { ...config, upstream: { ...config.upstream, proxy: withoutPassword(proxy) } };
}
