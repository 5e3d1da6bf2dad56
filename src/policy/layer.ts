/** One author's say in a policy: the user's sets the base, the organisation's and a project's can only raise it. */
import type { Action } from '../core/finding.ts';
import type { AllowEntry, DestinationEntry, MarkerEntry, PathEntry, PolicyEntry, RouteEntry } from './schema.ts';

export type DestinationAction = DestinationEntry['action'];

/** What one file (or the defaults) says. What is absent has no opinion. */
export interface PolicyLayer {
  /** `user`, `organisation`, `project`: stands in `by`. */
  readonly name: string;
  readonly mode?: 'enforce' | 'observe';
  readonly preset?: 'recommended' | 'strict' | 'canary';
  readonly release?: 'verdict' | 'stream';
  readonly onUnreadable?: 'block' | 'forward';
  readonly onAuditFailure?: 'block' | 'forward';
  readonly unknownHosts?: DestinationAction;
  readonly policy?: readonly PolicyEntry[];
  readonly destinations?: readonly DestinationEntry[];
  readonly routes?: readonly RouteEntry[];
  readonly paths?: readonly PathEntry[];
  readonly markers?: readonly MarkerEntry[];
  /** Only the user's counts. */
  readonly allow?: readonly AllowEntry[];
  /** Where a value stands in the layer's file, as `file:line:column`, for messages. */
  readonly placeOf?: (path: readonly (string | number)[]) => string | undefined;
}

/** A vendor or a developers' host that ships with Sluice: after the user's destinations. */
export interface BuiltInDestination {
  readonly hosts: readonly string[];
  readonly vendor: string;
  readonly jurisdiction: string;
  readonly action: DestinationAction;
}

const modes = ['observe', 'enforce'] as const;
const presets = ['recommended', 'canary', 'strict'] as const;
const releases = ['stream', 'verdict'] as const;
const failures = ['forward', 'block'] as const;
const destinationActions = ['tunnel', 'inspect', 'block'] as const;

/** For each setting with an order, its values from lax to strict. */
export const strictness = {
  mode: modes,
  preset: presets,
  release: releases,
  onUnreadable: failures,
  onAuditFailure: failures,
  unknownHosts: destinationActions,
  destination: destinationActions,
  authMode: ['off', 'optional', 'required'],
  websocket: ['inspect', 'refuse'],
  framing: ['any', 'exact'],
  privateAddresses: ['allow', 'refuse'],
  sideRoute: ['forward', 'answer', 'block'],
} as const;

/** Returns the stricter of two values of an order; an absent one has no opinion. */
export function stricter<Value extends string>(order: readonly Value[], a: Value, b: Value | undefined): Value {
  return b !== undefined && order.indexOf(b) > order.indexOf(a) ? b : a;
}

/** Whether any entry of the layer may block by what a request holds. */
export function mayBlock(layer: PolicyLayer): boolean {
  const entries: readonly { readonly action: Action }[] = [
    ...(layer.policy ?? []),
    ...(layer.paths ?? []),
    ...(layer.markers ?? []),
  ];
  return entries.some((entry) => entry.action === 'block');
}
