/** The schema of the configuration: what a file may say, and what the program is handed. */
import { z } from 'zod';
import {
  allowSchema,
  destinationSchema,
  markerSchema,
  pathEntrySchema,
  policyEntrySchema,
  routeSchema,
} from '../policy/schema.ts';
import { detectorFileSchema, detectorSchema } from './detector.ts';

const address = z
  .string()
  .regex(/^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+):\d{1,5}$/, 'must be host:port, e.g. 127.0.0.1:7787')
  .refine((text) => Number(text.slice(text.lastIndexOf(':') + 1)) <= 65535, 'must have a port of at most 65535');
const path = z.string().min(1).max(4096);
const bytes = z
  .int()
  .min(1024)
  .max(2 ** 40);
const hostPort = z.string().regex(/^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.*-]+):\d{1,5}$/, 'must be host:port');

const auth = {
  mode: z.enum(['off', 'optional', 'required']).describe('Basic proxy credentials'),
  users: path.optional().describe('the users file: name:scrypt$N$r$p$salt$hash'),
};
const block = {
  as: z
    .enum(['error', 'message', 'auto'])
    .describe("error: the vendor's 400; message: a 200 with an assistant message; auto: by client"),
};
const upstream = {
  proxy: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('the proxy to go out through, e.g. http://user@corp:3128'),
  ca: z.array(path).describe("certificates trusted besides the system's roots"),
  connect: z.record(hostPort, hostPort).describe('like curl --connect-to: where a host:port is really dialled'),
};
const network = {
  private: z
    .enum(['allow', 'refuse'])
    .describe('private addresses, checked after DNS; link-local and metadata addresses are always refused'),
  listed: z
    .array(z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()]))
    .describe('private addresses and networks that may be reached'),
};
const ca = {
  publish: path.optional().describe('a folder for the public certificate and bundle, for other users and containers'),
};
const protect = {
  env: z.array(z.string().min(1).max(256)).describe('names of variables whose values are protected; * and ? match'),
  dotenv: z.array(z.string().min(1).max(256)).describe('files whose values are protected, in the folder of `run`'),
};
const restore = {
  prose: z.boolean().describe('into what the assistant says'),
  files: z.boolean().describe('into what it writes to files'),
  shell: z.boolean().describe('into commands it runs'),
  network: z.boolean().describe('into tools that send'),
  mcp: z.array(z.string().min(1)).describe('MCP servers that run on this machine'),
};
const placeholders = {
  prefix: z
    .string()
    .regex(/^[A-Z][A-Z0-9]{1,15}$/, 'must be 2 to 16 upper-case letters and digits')
    .describe('what every placeholder begins with'),
};
const limits = {
  gatherBytes: bytes.describe('the largest request body held until its verdict'),
  gatherMemory: bytes.describe('all of those together'),
  messageBytes: bytes.describe('the largest WebSocket message or gRPC envelope'),
  bodyBytes: bytes.describe('the largest body, decoded'),
  decodeDepth: z.int().min(0).max(16).describe('encodings within encodings that are read'),
  expansionRatio: z.int().min(10).max(100_000).describe('decoded to coded bytes, past 4 MiB'),
  streams: z.int().min(1).max(1_000_000).describe('exchanges at one time'),
};
const audit = {
  retentionDays: z.int().min(1).max(36_500).describe('how long decisions are kept'),
  onFailure: z.enum(['block', 'forward']).describe('when a decision cannot be recorded'),
};

const sections = {
  auth: z.strictObject(auth),
  block: z.strictObject(block),
  upstream: z.strictObject(upstream),
  network: z.strictObject(network),
  ca: z.strictObject(ca),
  protect: z.strictObject(protect),
  restore: z.strictObject(restore),
  placeholders: z.strictObject(placeholders),
  limits: z.strictObject(limits),
  audit: z.strictObject(audit),
};

const shared = {
  profile: z.enum(['workstation', 'sidecar', 'gateway']).describe('where Sluice stands: sets the defaults'),
  home: path.optional().describe('the data folder: authority, database, keys'),
  listen: address.describe('where the proxy listens'),
  admin: address.describe('health, metrics, API'),
  mode: z.enum(['enforce', 'observe']).describe('observe: decide and record, change nothing'),
  preset: z.enum(['recommended', 'strict', 'canary']).describe('which rules, at which confidence'),
  policies: z.array(z.string().min(1)).describe('ready policies, by name'),
  release: z
    .enum(['verdict', 'stream'])
    .describe('verdict: a request is judged whole before it leaves; stream: bytes leave as soon as they are settled'),
  websocket: z.enum(['inspect', 'refuse']).describe('refuse: answered 426, clients fall back to HTTP'),
  unknownHosts: z.enum(['tunnel', 'inspect', 'block']).describe('hosts that no destination names'),
  onUnreadable: z.enum(['block', 'forward']).describe('what cannot be read'),
  workers: z.union([z.int().min(1).max(256), z.literal('auto')]).describe('processes that share the listener'),
  destinations: z.array(destinationSchema).describe('first match wins; built-in vendors come after'),
  rules: z.array(z.string().min(1)).describe('packs by name or glob, or rule files by path'),
  paths: z.array(pathEntrySchema).describe('proprietary paths'),
  markers: z.array(markerSchema).describe('words that mark content as proprietary'),
  policy: z.array(policyEntrySchema).describe('the most severe matching entry decides'),
  routes: z.array(routeSchema).describe('side channels answered or refused by host and path'),
  allow: z.array(allowSchema).describe('exceptions'),
  ...sections,
};

const detectorText = 'a service outside that knows names and addresses; absent: off';

/** The configuration in force: everything is set but what is optional by nature. */
export const configSchema = z.strictObject({ ...shared, detector: detectorSchema.optional().describe(detectorText) });
export type Config = z.output<typeof configSchema>;

/** What a configuration file may say: any part of it. */
export const fileSchema = z
  .strictObject({
    ...shared,
    auth: sections.auth.partial(),
    block: sections.block.partial(),
    upstream: sections.upstream.partial(),
    network: sections.network.partial(),
    ca: sections.ca.partial(),
    protect: sections.protect.partial(),
    restore: sections.restore.partial(),
    placeholders: sections.placeholders.partial(),
    limits: sections.limits.partial(),
    audit: sections.audit.partial(),
    detector: detectorFileSchema.describe(detectorText),
  })
  .partial();
export type ConfigFile = z.output<typeof fileSchema>;

/** What the organisation's policy may say: anything but exceptions, for it can only make stricter. */
export const organisationSchema = fileSchema.omit({ allow: true });
export type OrganisationFile = z.output<typeof organisationSchema>;

/** What a project's `.sluice.yaml` may say, and nothing else: a cloned repository is hostile until shown otherwise. */
export const projectSchema = fileSchema.pick({ protect: true, paths: true, rules: true, policy: true, markers: true });

/** A ready policy of `rules/policies/`. */
export const readyPolicySchema = z.strictObject({
  title: z.string().min(1),
  description: z.string().min(1),
  policy: z.array(policyEntrySchema).min(1),
});
