/** Looks up who a host belongs to and what a request on it is. */
import { anthropic } from './anthropic.ts';
import { geminiCodeAssist, gemini } from './gemini.ts';
import { generic } from './generic.ts';
import { coversHost, coversPath, normaliseHost } from './host-match.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiResponses } from './openai-responses.ts';
import type { Provider } from './provider.ts';
import type { RouteMatch, Vendor } from './vendor.ts';
import { developerHosts, vendors } from './vendors.ts';

/** Wire formats by the end of the path: vendors mount the same API at different places (`/anthropic/v1/messages` …). */
const formats: readonly (readonly [RegExp, Provider])[] = [
  [/\/v1internal:(?:stream)?generateContent$|\/v1internal:countTokens$/i, geminiCodeAssist],
  [/:(?:streamGenerateContent|generateContent|countTokens)$/, gemini],
  [
    /\/v1\/messages(?:\/count_tokens)?$|\/model\/[^/]+\/invoke(?:-with-response-stream)?$|:(?:streamR|r)awPredict$/,
    anthropic,
  ],
  [/\/completions$/, openaiChat],
  [/\/responses(?:\/compact|\/input_tokens)?$/, openaiResponses],
];

export interface Registry {
  readonly vendors: readonly Vendor[];
  /** Patterns of code hosts and identity providers, tunnelled by default. */
  readonly developerHosts: readonly string[];
  vendorOf(host: string): Vendor | undefined;
  isDeveloperHost(host: string): boolean;
  /** What a request is; `path` may carry a query. Unknown hosts and routes get the generic provider. */
  routeOf(host: string, method: string, path: string): RouteMatch;
}

function vendorOf(host: string): Vendor | undefined {
  const name = normaliseHost(host);
  return vendors.find((vendor) => vendor.hosts.some((pattern) => coversHost(pattern, name)));
}

/** Drops the query, and a trailing slash that servers ignore. */
function bare(path: string): string {
  const [before = ''] = path.split(/[?#]/, 1);
  return before.length > 1 && before.endsWith('/') ? before.slice(0, -1) : before;
}

/** Whether servers may read another path than the one that stands there: dot segments, empty ones, coded separators. */
function isAmbiguous(path: string): boolean {
  return /\/(?:\.|%2e){1,2}(?=\/|$)|\/\/|\\|%(?:2f|5c|00)|;/i.test(path);
}

function routeOf(host: string, method: string, path: string): RouteMatch {
  const name = normaliseHost(host);
  const vendor = vendorOf(name);
  const place = bare(path);
  const isPost = method.toUpperCase() === 'POST';
  const provider = isPost ? formats.find(([pattern]) => pattern.test(place))?.[1] : undefined;
  const sideChannel = vendor?.sideChannels.find(
    (channel) =>
      channel.hosts.some((pattern) => coversHost(pattern, name)) &&
      channel.paths.some((glob) => coversPath(glob, place)),
  );
  return {
    provider: provider ?? generic,
    // A host of nobody's may speak any dialect: its bodies are still read when they do not parse.
    isKnownRoute: provider !== undefined && vendor !== undefined,
    // SECURITY: what passes unread passes under its plain name only. Guarded by registry.test.ts, "reads what comes by a
    // road that leads elsewhere".
    isCredentialExchange:
      !isAmbiguous(place) &&
      (vendor?.credentialRoutes.some(
        (route) =>
          route.method === method.toUpperCase() && coversHost(route.host, name) && coversPath(route.path, place),
      ) ??
        false),
    ...(vendor === undefined ? {} : { vendor: vendor.id }),
    ...(sideChannel === undefined ? {} : { sideChannel: sideChannel.name }),
  };
}

/** The built-in registry. */
export const registry: Registry = {
  vendors,
  developerHosts,
  vendorOf,
  isDeveloperHost: (host) => developerHosts.some((pattern) => coversHost(pattern, normaliseHost(host))),
  routeOf,
};
