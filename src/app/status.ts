/** What a running proxy says of itself over the admin port. */
import { z } from 'zod';
import { countsSchema } from './counts.ts';

const statusSchema = z.object({
  pid: z.number(),
  version: z.string(),
  startedMs: z.number(),
  proxy: z.string(),
  admin: z.string(),
  profile: z.string(),
  mode: z.string(),
  isDetached: z.boolean(),
  runs: z.number(),
  /** Of these, those whose project file became invalid: they keep the layer that they had. Older proxies do not say. */
  staleRuns: z.number().default(0),
  activeExchanges: z.number(),
  recordHealthy: z.boolean(),
  policyVersion: z.string(),
  counts: countsSchema,
});
export const statusAnswerSchema = z.object({ status: statusSchema });
export type Status = z.infer<typeof statusSchema>;

/** What `run` sends to register itself. */
export const runRequestSchema = z.strictObject({
  cwd: z.string().min(1).max(4096),
  pid: z.number().int().positive(),
  variables: z.array(z.strictObject({ name: z.string().max(1024), value: z.string().max(65_536) })).max(10_000),
});

/** What it is answered. */
export const runAnswerSchema = z.object({
  id: z.string(),
  user: z.string(),
  password: z.string(),
  protection: z.object({ summary: z.string(), details: z.array(z.string()) }),
  warnings: z.array(z.string()),
});
