/** Which proxy, if any, an upstream is reached through: the configuration's, else the one this process inherited. */
import ipaddr from 'ipaddr.js';
import { AppError } from '../core/errors.ts';
import type { Config } from '../config/schema.ts';
import type { ChainedProxy } from '../proxy/settings.ts';

/** Decides by target. */
export type ProxyFor = (target: { readonly host: string; readonly port: number }) => ChainedProxy | undefined;

/** Undoes percent-encoding; a password with a bare `%` in it is meant as it stands. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // Not percent-encoded at all, or not as UTF-8.
    return text;
  }
}

function parseProxy(text: string, by: string): ChainedProxy {
  let url: URL;
  try {
    url = new URL(text.includes('://') ? text : `http://${text}`);
  } catch (error: unknown) {
    throw new AppError('ERR_CONFIG_INVALID', `${by} is not a proxy's URL`, {
      cause: error,
      hint: 'use http://host:port',
    });
  }
  if (url.protocol !== 'http:') {
    throw new AppError(
      'ERR_CONFIG_INVALID',
      `${by} names a ${url.protocol} proxy, and only http: ones can be chained`,
      {
        hint: 'use http://host:port',
      },
    );
  }
  const credential = `${decoded(url.username)}:${decoded(url.password)}`;
  return {
    host: url.hostname.replace(/^\[|\]$/g, '').toLowerCase(),
    port: url.port === '' ? 80 : Number(url.port),
    ...(credential === ':' ? {} : { authorization: `Basic ${Buffer.from(credential).toString('base64')}` }),
  };
}

/** Whether one entry of NO_PROXY covers a target: a name (with all below it), `*`, an address or a network. */
function covers(entry: string, host: string, port: number): boolean {
  if (entry === '*') return true;
  if (entry.startsWith('[')) {
    const [, address = '', only] = /^\[([^\]]*)\](?::(\d+))?$/.exec(entry) ?? [];
    return (only === undefined || Number(only) === port) && address.toLowerCase() === host;
  }
  const [, name = '', entryPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
  if (entry.includes('/') && ipaddr.isValid(host)) {
    try {
      const [network, bits] = ipaddr.parseCIDR(entry);
      const address = ipaddr.process(host);
      return address.kind() === network.kind() && address.match(network, bits);
    } catch {
      // Not a network: an entry that says nothing covers nothing.
      return false;
    }
  }
  if (entryPort !== undefined && Number(entryPort) !== port && !ipaddr.isValid(entry)) return false;
  const bare = (entryPort === undefined || ipaddr.isValid(entry) ? entry : name).toLowerCase().replace(/^\*?\./, '');
  return bare !== '' && (host === bare || host.endsWith(`.${bare}`));
}

const variable = (env: Readonly<Record<string, string | undefined>>, name: string): string | undefined =>
  [env[name.toLowerCase()], env[name]].find((value) => value !== undefined && value !== '');

/**
 * Makes the choice of a configuration and environment.
 * @param own whether a host and port are those of a proxy of ours: an inherited variable that names it would loop
 * @throws AppError `ERR_CONFIG_INVALID` for a proxy that cannot be used
 */
export function upstreamProxy(
  config: Pick<Config, 'upstream'>,
  env: Readonly<Record<string, string | undefined>>,
  own: (host: string, port: number) => boolean,
): ProxyFor | undefined {
  const configured = config.upstream.proxy;
  const inherited = variable(env, 'HTTPS_PROXY');
  const text = configured ?? inherited;
  if (text === undefined) return undefined;
  const proxy = parseProxy(text, configured === undefined ? 'HTTPS_PROXY' : 'upstream.proxy');
  if (configured === undefined && own(proxy.host, proxy.port)) return undefined;
  const direct = (variable(env, 'NO_PROXY') ?? '')
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  return ({ host, port }) => (direct.some((entry) => covers(entry, host, port)) ? undefined : proxy);
}
