/** `detector:`: a service outside that knows names and addresses, and what becomes of what it sees. */
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { actions, mostSevere, severities } from '../core/finding.ts';

/** What one label of the service comes to. */
const entity = z.strictObject({
  kind: z
    .string()
    .max(24)
    .regex(/^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/, 'must be upper-case letters, digits and single underscores')
    .describe('the kind of its placeholders'),
  action: z.enum(actions).default('mask').describe('what becomes of it where no policy says otherwise'),
  severity: z.enum(severities).default('medium'),
  regimes: z.array(z.string().min(1).max(64)).default([]).describe('laws it is about, e.g. GDPR'),
});
const label = z
  .string()
  .max(64)
  .regex(/^[A-Z][A-Z0-9_]*$/, "must be a label of the service's, in upper case, e.g. PERSON");

/** The form of the service's address; what it leads to is checked again when it is dialled. */
const url = z
  .url({ protocol: /^https?$/ })
  .superRefine((text, context) => {
    const problem = urlProblem(text);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  })
  .describe('an HTTP service on this machine or a private network; beyond it https: http://127.0.0.1:5002/analyze');

/** Every key, with what it may be. */
export const detectorShape = {
  url,
  command: z
    .array(z.string().min(1).max(4096))
    .min(1)
    .max(64)
    .describe('a program that answers lines of JSON, in place of a URL: [python3, ./detector.py]'),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language code, e.g. en')
    .describe('the language that texts are read as'),
  timeoutMs: z.int().min(10).max(600_000).describe('how long one answer may take'),
  totalMs: z.int().min(10).max(3_600_000).describe('how long one request waits for all of its answers'),
  concurrency: z.int().min(1).max(64).describe('questions at one time'),
  onFailure: z.enum(['block', 'forward']).describe('what it could not be asked about, or did not answer'),
  minScore: z.number().min(0).max(1).describe('findings below this score do not count'),
  leastBytes: z.int().min(4).max(1024).describe('shorter texts are not asked about'),
  mostBytes: z
    .int()
    .min(256)
    .max(1024 * 1024)
    .describe('longer texts are asked about in pieces of this size'),
  entities: z
    .record(label, entity)
    .describe(
      "the service's labels that count, and what becomes of each; PERSON masked and LOCATION recorded unless named",
    ),
};

/** Names are masked; places, which are cities and countries for the most part, are recorded. */
const defaultEntities: z.output<typeof detectorShape.entities> = {
  PERSON: { kind: 'PERSON_NAME', action: 'mask', severity: 'medium', regimes: ['GDPR'] },
  LOCATION: { kind: 'LOCATION', action: 'forward', severity: 'low', regimes: ['GDPR'] },
};

/** The detector in force: everything is set but what tells the two kinds apart. */
export const detectorSchema = z.strictObject({
  ...detectorShape,
  url: detectorShape.url.optional(),
  command: detectorShape.command.optional(),
  language: detectorShape.language.default('en'),
  timeoutMs: detectorShape.timeoutMs.default(2000),
  totalMs: detectorShape.totalMs.default(20_000),
  concurrency: detectorShape.concurrency.default(4),
  onFailure: detectorShape.onFailure.default('block'),
  minScore: detectorShape.minScore.default(0.5),
  leastBytes: detectorShape.leastBytes.default(4),
  mostBytes: detectorShape.mostBytes.default(16_384),
  entities: detectorShape.entities.default(defaultEntities),
});
export type DetectorConfig = z.output<typeof detectorSchema>;

/** What a file may say of it: any part. */
export const detectorFileSchema = z
  .strictObject(detectorShape)
  .partial()
  .refine(({ url: service, command }) => service === undefined || command === undefined, {
    message: 'must name either a url or a command',
  });

/** The one that a later author's takes the place of. */
export const rivalOf: Readonly<Record<string, readonly string[]>> = {
  'detector.url': ['detector', 'command'],
  'detector.command': ['detector', 'url'],
};

/** Ranges (as ipaddr.js names them) that no service answers from, or that lead to a machine's metadata. */
const neverRanges: ReadonlySet<string> = new Set(['unspecified', 'broadcast', 'multicast', 'linkLocal', 'reserved']);
/** Ranges that need no encryption. */
const nearRanges: ReadonlySet<string> = new Set(['loopback', 'private', 'uniqueLocal', 'carrierGradeNat']);

/** What is wrong with an address in a URL, as far as the text tells; a name's addresses are known when it is dialled. */
function urlProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { username, password, hostname, protocol } = new URL(text);
  if (username !== '' || password !== '') return 'must hold no credentials';
  const host = hostname.replace(/^\[|\]$/g, '');
  if (!ipaddr.isValid(host)) return undefined;
  const range = ipaddr.process(host).range();
  if (neverRanges.has(range)) return `must not be a ${range} address`;
  if (protocol === 'http:' && !nearRanges.has(range)) return 'must be https beyond this machine and private networks';
  return undefined;
}

/** What is wrong with the detector in force as a whole, if anything. */
export function detectorProblem(
  detector: DetectorConfig | undefined,
): { readonly path: string; readonly message: string; readonly hint: string } | undefined {
  if (detector === undefined) return undefined;
  if (detector.url === undefined && detector.command === undefined) {
    return {
      path: 'detector',
      message: 'names neither a url nor a command',
      hint: 'name the service, or leave `detector:` out',
    };
  }
  if (Object.keys(detector.entities).length === 0) {
    return {
      path: 'detector.entities',
      message: 'detector.entities names no label, so that nothing the detector sees would count',
      hint: 'name at least one, e.g. PERSON',
    };
  }
  return undefined;
}

/** The labels of two authors: each of both, with the more severe action. */
export function tightenedEntities(
  inForce: DetectorConfig['entities'],
  pinned: DetectorConfig['entities'],
): DetectorConfig['entities'] {
  const both = { ...inForce, ...pinned };
  return Object.fromEntries(
    Object.entries(both).map(([name, entry]) => {
      const own = inForce[name];
      return [name, own === undefined ? entry : { ...entry, action: mostSevere(own.action, entry.action) }];
    }),
  );
}
