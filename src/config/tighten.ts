/** How the organisation's value and the user's come together: the stricter counts, lists add up, the rest is pinned. */
import { strictness } from '../policy/layer.ts';
import { detectorShape, tightenedEntities } from './detector.ts';

/** Settings whose values have an order, from lax to strict. */
const ordered: Readonly<Record<string, readonly string[]>> = {
  mode: strictness.mode,
  preset: strictness.preset,
  release: strictness.release,
  onUnreadable: strictness.onUnreadable,
  unknownHosts: strictness.unknownHosts,
  websocket: strictness.websocket,
  'auth.mode': strictness.authMode,
  'audit.onFailure': strictness.onAuditFailure,
  'network.private': strictness.privateAddresses,
  'detector.onFailure': strictness.onUnreadable,
};

/** Lists where both authors' entries count. */
const added: ReadonlySet<string> = new Set([
  'destinations',
  'rules',
  'policies',
  'paths',
  'markers',
  'policy',
  'routes',
  'protect.env',
  'protect.dotenv',
]);

/** Lists that widen what is let through: only what both name counts. */
const common: ReadonlySet<string> = new Set(['restore.mcp', 'network.listed']);

/** Numbers below which nothing is looked at, or counts: the smaller is the stricter. */
const smallerIsStricter: ReadonlySet<string> = new Set(['detector.minScore', 'detector.leastBytes']);

/** A deeper look is the stricter one: the one limit where more is less lax. */
const largerIsStricter: ReadonlySet<string> = new Set(['limits.decodeDepth']);

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/**
 * Returns what counts of the value in force and the organisation's.
 * @param path dotted, e.g. `limits.bodyBytes`.
 */
export function tightened(path: string, inForce: unknown, pinned: unknown): unknown {
  const order = ordered[path];
  if (order !== undefined) return order.indexOf(String(pinned)) > order.indexOf(String(inForce)) ? pinned : inForce;
  if (isList(inForce) && isList(pinned)) {
    if (added.has(path)) {
      const own = new Set(inForce.map((entry) => JSON.stringify(entry)));
      return [...inForce, ...pinned.filter((entry) => !own.has(JSON.stringify(entry)))];
    }
    if (common.has(path)) return inForce.filter((entry) => pinned.includes(entry));
  }
  if (path === 'detector.entities') {
    return tightenedEntities(detectorShape.entities.parse(inForce), detectorShape.entities.parse(pinned));
  }
  if (smallerIsStricter.has(path) && typeof inForce === 'number' && typeof pinned === 'number') {
    return Math.min(inForce, pinned);
  }
  if (path.startsWith('limits.') && typeof inForce === 'number' && typeof pinned === 'number') {
    return largerIsStricter.has(path) ? Math.max(inForce, pinned) : Math.min(inForce, pinned);
  }
  if (path.startsWith('restore.') && typeof inForce === 'boolean') return inForce && pinned === true;
  return pinned;
}
