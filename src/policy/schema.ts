/** The schemas of what a policy file says: entries, destinations, side channels, paths, markers, exceptions. */
import { z } from 'zod';
import { actions, categories, confidences, severities } from '../core/finding.ts';

/** One string or several: a list means any of them. */
function anyOf<Item extends z.ZodType>(item: Item) {
  return z.union([item, z.array(item).min(1)]);
}

const name = z.string().min(1).max(512);
const names = z.array(name).min(1);
const action = z.enum(actions);
const exceptions = z.boolean().describe('false: no `allow:` entry counts against this one');

const whenShape = {
  rule: anyOf(name).describe('rule ids or globs over them'),
  category: anyOf(z.enum(categories)).describe('what kind of thing the rule names'),
  regime: anyOf(name).describe('laws, e.g. GDPR, PCI-DSS; globs'),
  severity: z.enum(severities).describe('at least this severe'),
  confidence: z.enum(confidences).describe('at least this sure'),
  label: anyOf(name).describe('labels of `paths:` and `markers:`; globs'),
  source: anyOf(name).describe('the file the content came from, as the client names it; path globs'),
  where: anyOf(z.enum(['body', 'header', 'query', 'path'])).describe('the part of the request'),
  coverage: anyOf(z.enum(['read', 'opaque', 'unread'])).describe('how the place of the finding was read'),
  vendor: anyOf(name).describe('vendor names; globs'),
  host: anyOf(name).describe('host names; * matches dots too'),
  jurisdiction: anyOf(
    z.string().regex(/^([A-Z]{2}|unknown)$/, 'must be an ISO 3166-1 alpha-2 code or `unknown`'),
  ).describe('where the destination stands'),
  client: anyOf(name).describe('client names as they present themselves; globs'),
  user: anyOf(name).describe('users of the proxy; globs'),
  count: z
    .strictObject({ atLeast: z.int().min(1), per: z.enum(['request', 'hour']) })
    .describe('how many different values the entry must have seen'),
};
const conditions = z.strictObject(whenShape).partial();

/** A conjunction of conditions. */
const whenSchema = conditions.extend({ not: conditions.optional().describe('must not all hold') });

/** One line of `policy:`. */
export const policyEntrySchema = z.strictObject({
  when: whenSchema.default({}).describe('all of these must hold'),
  action: action.describe('what becomes of a finding: forward (recorded), mask or block'),
  as: z.enum(['placeholder', 'lookalike', 'withheld']).optional().describe('what a mask looks like'),
  exceptions: exceptions.default(true),
  reason: z.string().max(500).optional().describe('for the record and for people'),
});

/** One line of `destinations:`. */
export const destinationSchema = z.strictObject({
  hosts: names.describe('host names; *.x.com covers everything below x.com'),
  vendor: name.optional().describe('the name recorded for it; a built-in one brings its wire format'),
  jurisdiction: z
    .string()
    .regex(/^([A-Z]{2}|unknown)$/, 'must be an ISO 3166-1 alpha-2 code or `unknown`')
    .optional(),
  action: z.enum(['inspect', 'tunnel', 'block']).default('inspect'),
  accounts: z
    .array(z.string().regex(/^hmac:[\w-]+:[\w-]+$/, 'must be a fingerprint: hmac:<key id>:<digest>'))
    .optional()
    .describe('fingerprints of the only credentials that may be used there'),
  release: z.enum(['verdict', 'stream']).optional(),
  framing: z.enum(['exact', 'any']).optional().describe('exact: a body that cannot be gathered is refused'),
});

/** One line of `routes:`. */
export const routeSchema = z.strictObject({
  hosts: names,
  paths: names.describe('path globs, without the query'),
  action: z.enum(['answer', 'block', 'forward']),
  status: z.int().min(200).max(599).default(200).describe('of the answer'),
  json: z.json().default({}).describe('the body of the answer'),
});

/** One line of `paths:`. */
export const pathEntrySchema = z.strictObject({
  globs: names.describe('against the path as the assistant names it'),
  label: name.optional(),
  action: action.default('mask').describe('mask: the content is withheld'),
  hide: z
    .array(z.enum(['content', 'path']))
    .min(1)
    .default(['content']),
  caseSensitive: z.boolean().default(false),
  exceptions: exceptions.default(true),
});

/** One line of `markers:`. */
export const markerSchema = z.strictObject({
  text: anyOf(z.string().min(4).max(200)).describe('words inside content that mark it as proprietary'),
  label: name.optional(),
  action: action.default('forward'),
  caseSensitive: z.boolean().default(false),
  exceptions: exceptions.default(true),
});

/** One line of `allow:`. All that it names must match. */
export const allowSchema = z
  .strictObject({
    fingerprint: z
      .string()
      .regex(/^hmac:[\w-]+:[\w-]+$/, 'must be a fingerprint: hmac:<key id>:<digest>')
      .optional(),
    rule: name.optional().describe('a rule id or a glob over them'),
    path: name.optional().describe('a path glob: the file the content came from'),
    host: name.optional().describe('a host pattern'),
    reason: z.string().min(3).max(500),
    expires: z
      .string()
      .regex(/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?$/, 'must be a date (2030-12-31) or a UTC time (2030-12-31T12:00Z)')
      .refine((text) => !Number.isNaN(Date.parse(text)), 'must be a date that exists')
      .optional()
      .describe('the last day, or the moment, it counts (UTC)'),
  })
  .refine(
    (entry) => [entry.fingerprint, entry.rule, entry.path, entry.host].some((key) => key !== undefined),
    'must name a fingerprint, rule, path or host',
  );

export type When = z.output<typeof whenSchema>;
export type PolicyEntry = z.output<typeof policyEntrySchema>;
export type DestinationEntry = z.output<typeof destinationSchema>;
export type RouteEntry = z.output<typeof routeSchema>;
export type PathEntry = z.output<typeof pathEntrySchema>;
export type MarkerEntry = z.output<typeof markerSchema>;
export type AllowEntry = z.output<typeof allowSchema>;
