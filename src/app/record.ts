/** The record of a home as the commands read it. */
export { hasRecord, openRecord, verifyHome, type RecordReader } from '../audit/reader.ts';
export { followDecisions } from '../audit/follow.ts';
export { parseSince, type DecisionFilter, type RecordedDecision } from '../audit/query.ts';
export type { Verification } from '../audit/verify.ts';
