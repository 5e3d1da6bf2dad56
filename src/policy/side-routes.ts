/** Side channels (telemetry and the like) that are answered or refused by host and path, before any body rule. */
import { compileListed } from './entry.ts';
import { compileGlobs, type TextTest } from './glob.ts';
import { canonicalHost, compileHosts } from './host-pattern.ts';
import { stricter, strictness, type PolicyLayer } from './layer.ts';
import type { SideRoute } from './policy.ts';

interface Listed extends SideRoute {
  readonly onHost: TextTest;
  readonly onPath: TextTest;
}

/** The path that a server may read in another: dot segments resolved, escapes undone, empty segments dropped. */
function resolved(path: string): string {
  if (!/[%\\]|\/[./]/.test(path)) return path;
  try {
    return decodeURIComponent(new URL(`https://host${path}`).pathname).replaceAll(/\/{2,}/g, '/');
  } catch {
    // Not a path that can be resolved: it counts as it stands.
    return path;
  }
}

/**
 * Compiles `routes:` of all layers: the first match of each layer speaks for it, the strictest of them counts.
 * @throws AppError `ERR_CONFIG_INVALID` for a pattern that cannot be read.
 */
export function compileSideRoutes(
  layers: readonly PolicyLayer[],
  observes: boolean,
): (host: string, path: string) => SideRoute | undefined {
  const lists = layers.map((layer) =>
    compileListed<NonNullable<PolicyLayer['routes']>[number], Listed>(layer, 'routes', layer.routes, (entry, by) => ({
      onHost: compileHosts(entry.hosts),
      onPath: compileGlobs(entry.paths),
      action: entry.action,
      status: entry.status,
      json: entry.json,
      by: layer.name === 'user' ? by.replace('user ', '') : by,
    })),
  );
  if (lists.every((list) => list.length === 0)) return () => undefined;

  return (rawHost, target) => {
    const host = canonicalHost(rawHost);
    const path = target.split(/[?#]/, 1)[0] ?? '';
    const meant = resolved(path);
    let decided: Listed | undefined;
    for (const list of lists) {
      const match = list.find(({ onHost, onPath }) => onHost(host) && (onPath(path) || onPath(meant)));
      if (match === undefined) continue;
      if (decided === undefined) decided = match;
      else if (stricter(strictness.sideRoute, decided.action, match.action) !== decided.action) decided = match;
    }
    if (decided === undefined) return undefined;
    const { action, status, json, by } = decided;
    if (!observes || action === 'forward') return { action, status, json, by };
    return { action: 'forward', status, json, by: `observe: would ${action} (${by})` };
  };
}
