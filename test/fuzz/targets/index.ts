/** Every fuzz target, the cheap ones first. */
import { codings } from './codings.ts';
import { head } from './head.ts';
import { json } from './json.ts';
import { knownValues } from './known-values.ts';
import { loaders } from './loaders.ts';
import { matcherTarget } from './matcher.ts';
import { placeholders } from './placeholders.ts';
import { damagedReply, restoredReply } from './reply.ts';
import { request } from './request.ts';
import { sse } from './sse.ts';
import { wire } from './wire.ts';
import type { Target } from '../target.ts';

export const targets: readonly Target[] = [
  json,
  sse,
  placeholders,
  wire,
  codings,
  loaders,
  knownValues,
  matcherTarget,
  head,
  request,
  restoredReply,
  damagedReply,
];
