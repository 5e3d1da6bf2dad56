/** One exchange from its head to its outcome: what is read, what leaves, what comes back, what is recorded. */
import { decodeBody, type ReadableCoding } from '../body/codings.ts';
import { concat, noBytes } from '../core/bytes.ts';
import type { Coverage, DecisionEntry, ExchangeAction, OutcomeEntry } from '../core/decision.ts';
import type { Answers, Question } from '../core/detector.ts';
import type { Finding } from '../core/finding.ts';
import { headerValue, type HeaderList, type LocalReply, type ReplyHead, type RequestHead } from '../core/http.ts';
import { emptyStep, release, type BodyTransform, type Step, type StopReason } from '../core/transform.ts';
import { createVault, type Vault } from '../mask/vault.ts';
import type { RefusalCause } from '../policy/refusal.ts';
import type { ReplyContext } from '../providers/provider.ts';
import { acceptableCodings } from './accept-encoding.ts';
import { Asking } from './detector/asking.ts';
import { decisionEntry, outcomeEntry } from './entries.ts';
import type { Ending, Exchange, OutgoingHead, Peer, Plan, ReplyPlan, Verdict } from './exchange.ts';
import { exchangeScan } from './exchange-scan.ts';
import type { ExchangeParts } from './parts.ts';
import { planRequest, spillPlan, type HeadPlan } from './plan.ts';
import { causeOf, notSeen, planReason, reasonUnseen } from './reasons.ts';
import { redirectTarget } from './redirect.ts';
import { refusalReply } from './refusal.ts';
import { placeholderLikes } from './placeholder-likes.ts';
import { planReply, type PlannedReply } from './reply-plan.ts';
import { requestState, type RequestState } from './request-state.ts';
import { createGather } from './request/gather.ts';
import { scanTrailers, type ScannedHead } from './request/head.ts';
import { noQuestions, type RequestBody, type RequestScan } from './request/scan.ts';
import { createStream } from './request/stream.ts';
import { Shown } from './shown.ts';
import { wantedReply } from './wanted-reply.ts';

/** When and as what an exchange begins. */
export interface ExchangeContext {
  readonly id: string;
  readonly nowMs: number;
}

const untouchedReply: ReplyPlan = { kind: 'untouched' };
const nothingRead: Coverage = { opaque: 0, read: 0, unread: 0 };

/** Inspection of one exchange; made by the inspector. */
export class InspectedExchange implements Exchange {
  readonly id: string;
  private readonly parts: ExchangeParts;
  private readonly peer: Peer;
  private readonly context: ExchangeContext;
  private readonly state: RequestState;
  private readonly vault: Vault = createVault();
  private scanned: RequestScan | undefined;
  private readonly outgoing: OutgoingHead;
  private readonly shown = new Shown();
  private headPlan: HeadPlan;
  private reader: RequestBody | undefined;
  /** What a detector is asked about a gathered body, where there is one. */
  private asking: Asking | undefined;
  /** The body as received, where it may have to be sent on or looked at as such. */
  private readonly received: Uint8Array[] = [];
  private stopped: StopReason | undefined;
  /** Set when it stopped because the detector has not seen all of it. */
  private unseen: StopReason | undefined;
  /** What had been read when the rest was sent on unread. */
  private readBefore: Coverage = nothingRead;
  private recorded: { readonly action: ExchangeAction; readonly findings: number } | undefined;
  private plannedReply: PlannedReply | undefined;
  /** Texts of the request that look like placeholders: in a reply they are the request's own. */
  private likes: ReadonlySet<string> = new Set();

  constructor(parts: ExchangeParts, head: RequestHead, peer: Peer, context: ExchangeContext) {
    this.id = context.id;
    this.parts = parts;
    this.peer = peer;
    this.context = context;
    this.state = requestState(head, peer, context.nowMs, parts);
    this.headPlan = planRequest(parts, this.state);
    const headers = acceptableCodings(head.headers, parts.replyCodings);
    const incoming = { target: head.target, headers };
    const reading: ScannedHead = parts.findsNothing
      ? { ...incoming, findings: [] }
      : parts.cleanHeads.read(peer.identity, this.scan, incoming, this.state.own);
    this.outgoing = { target: reading.target, headers: reading.headers };
    this.shown.add(reading.findings);
    const isReached = this.headPlan.kind === 'read' || this.headPlan.kind === 'pass';
    const blocking = reading.findings.find(({ action }) => action === 'block');
    if (isReached && blocking !== undefined) this.headPlan = { kind: 'refuse', cause: this.causeOfFinding(blocking) };
    else if (isReached && reading.stop?.kind === 'limit' && !this.forwardsUnread) {
      this.headPlan = { kind: 'refuse', cause: this.causeOfStop(reading.stop) };
    }
    this.openReader();
  }

  get plan(): Plan {
    const plan = this.headPlan;
    switch (plan.kind) {
      case 'refuse':
        return { kind: 'reply', reply: this.refusal(plan.cause) };
      case 'answer':
        return { kind: 'reply', reply: plan.reply };
      case 'upgrade':
        return { kind: 'reply', reply: this.failure(426, 'WebSocket is not inspected: use HTTP') };
      case 'pass':
        return { kind: 'forward', mode: 'pass', coding: 'identity' };
      case 'read':
        return { kind: 'forward', mode: plan.mode, coding: plan.coding };
    }
  }

  spill(): Plan {
    const plan = this.headPlan;
    if (plan.kind === 'read' && plan.mode === 'gather') {
      this.headPlan = spillPlan(this.parts, this.state, plan.coding);
      this.received.length = 0;
      this.openReader();
    }
    return this.plan;
  }

  get body(): BodyTransform {
    return { push: (chunk) => this.pushed(chunk), end: () => this.ended() };
  }

  questions(): readonly Question[] {
    const { reader, asking } = this;
    const isOpen = reader !== undefined && asking !== undefined && this.stopped === undefined && this.isGathering;
    return isOpen ? reader.questions() : noQuestions;
  }

  answered(answers: Answers): void {
    this.asking?.answered(answers);
  }

  head(): OutgoingHead {
    return this.outgoing;
  }

  trailers(received: HeaderList): HeaderList | undefined {
    if (received.length === 0 || this.parts.findsNothing) return received;
    const { headers, findings, stop } = scanTrailers(this.scan, received);
    this.shown.add(findings);
    if (stop === undefined || (stop.kind === 'limit' && this.forwardsUnread)) return headers;
    this.stopped = stop;
    return undefined;
  }

  verdict(): Verdict {
    const { plan } = this;
    if (plan.kind === 'reply') return plan;
    if (this.stopped !== undefined) return { kind: 'reply', reply: this.refusal(this.causeOfStop(this.stopped)) };
    return { kind: 'forward', head: this.outgoing };
  }

  decision(requestBytes: number): DecisionEntry {
    const action = this.action();
    this.recorded = { action, findings: this.shown.findings.length };
    return decisionEntry(this.parts, this.state, {
      id: this.id,
      nowMs: this.context.nowMs,
      run: this.peer.run,
      action,
      reason: this.reason(),
      coverage: this.coverage(requestBytes),
      listed: this.shown.listed(0),
      path: this.shown.hideInPath(this.parts.recordedPath(this.outgoing.target)),
      requestBytes,
    });
  }

  reply(head: ReplyHead): ReplyPlan {
    const { parts, state, vault } = this;
    const next = redirectTarget(head, state.head);
    if (next !== undefined && parts.policy.mode !== 'observe') {
      const { action } = parts.placeOf(next.host, next.port).destination;
      if (action !== 'inspect') return this.refuseRedirect(parts.recordable(next.host));
    }
    // Nothing was masked: the very bytes pass, and no count is kept.
    if (vault.size === 0) return untouchedReply;
    this.plannedReply = planReply(head, {
      provider: state.route.provider,
      placeholders: parts.placeholdersFor(this.peer.user),
      vault,
      rules: parts.restore,
      method: state.head.method,
      codings: parts.replyCodings,
      stoodInRequest: (text) => this.likes.has(text),
    });
    return this.plannedReply.plan;
  }

  /** SECURITY: the client would repeat its own body, unmasked. Guarded by inspector.test.ts, "refuses a redirect …". */
  private refuseRedirect(host: string): ReplyPlan {
    this.stopped = { kind: 'blocked', reason: `the reply redirects the body to ${host}, which is not inspected` };
    return { kind: 'reply', reply: this.refusal({ kind: 'redirect', host }) };
  }

  outcome(ending: Ending): OutcomeEntry {
    const { recorded, shown } = this;
    const before = recorded?.findings ?? 0;
    const action =
      ending.action ?? (recorded !== undefined && recorded.action !== this.action() ? this.action() : undefined);
    return outcomeEntry(ending, {
      id: this.id,
      action,
      reason: ending.reason ?? (action === undefined ? undefined : this.reason()),
      coverage: this.coverage(ending.requestBytes),
      late: shown.findings.length === before ? undefined : shown.listed(before),
      restored: this.plannedReply?.counts(),
    });
  }

  failure(status: number, message: string): LocalReply {
    return this.state.route.provider.failure(status, `Sluice: ${message}`, this.replyContext());
  }

  /** What reading takes; made when something is to be read. */
  private get scan(): RequestScan {
    this.scanned ??= exchangeScan(this.parts, this.state, this.vault, {
      peer: this.peer,
      nowMs: this.context.nowMs,
      mention: (value, known) => this.shown.mention(value, known),
    });
    return this.scanned;
  }

  private openReader(): void {
    const plan = this.headPlan;
    this.reader = undefined;
    this.asking = undefined;
    if (plan.kind !== 'read') return;
    const { detector } = this.parts;
    if (detector !== undefined && plan.mode === 'gather') this.asking = new Asking(detector);
    const head = { contentType: headerValue(this.state.head.headers, 'content-type'), coding: plan.coding };
    this.reader = plan.mode === 'gather' ? createGather(this.scan, head, this.asking) : createStream(this.scan, head);
  }

  private pushed(chunk: Uint8Array): Step {
    if (this.headPlan.kind === 'pass') return release(chunk);
    if (this.reader === undefined || this.stopped !== undefined) return emptyStep;
    if (this.isGathering) this.received.push(chunk);
    return this.settled(this.reader.push(chunk));
  }

  private ended(): Step {
    if (this.reader === undefined || this.stopped !== undefined || this.headPlan.kind === 'pass') return emptyStep;
    const step = this.seen(this.settled(this.reader.end()));
    if (step.stop === undefined) {
      if (this.vault.size > 0) this.likes = placeholderLikes(this.decoded(), this.parts.prefix);
      // A body is not kept while its reply is waited for.
      this.received.length = 0;
    }
    return step;
  }

  /** Takes the findings of a step, and decides what becomes of a body that could not be read. */
  private settled(step: Step): Step {
    this.shown.add(step.findings);
    if (step.stop === undefined) return step;
    if (step.stop.kind !== 'blocked' && this.forwardsUnread && this.reader !== undefined) {
      // What a stream released was read; a gathered body goes out as it came.
      if (!this.isGathering) this.readBefore = this.reader.coverage();
      this.headPlan = { kind: 'pass', reason: `unreadable: ${step.stop.reason}`, isUnread: true };
      this.received.length = 0;
      return { output: [...step.output, ...this.reader.rest()], findings: step.findings };
    }
    this.stopped = step.stop;
    return step;
  }

  /** Stops what the detector has not seen all of, where its failure is not to be a pass. */
  private seen(step: Step): Step {
    const failure = this.asking?.failure;
    const { detector, policy } = this.parts;
    if (failure === undefined || step.stop !== undefined || !this.isGathering) return step;
    if (detector?.onFailure !== 'block' || policy.mode === 'observe') return step;
    this.unseen = { kind: 'blocked', reason: notSeen(failure) };
    this.stopped = this.unseen;
    return { ...emptyStep, stop: this.unseen };
  }

  /** Whether what cannot be read is sent on as it is. */
  private get forwardsUnread(): boolean {
    const { policy } = this.parts;
    return policy.onUnreadable === 'forward' || policy.mode === 'observe';
  }

  private get isGathering(): boolean {
    return this.headPlan.kind === 'read' && this.headPlan.mode === 'gather';
  }

  private action(): ExchangeAction {
    const plan = this.headPlan;
    if (plan.kind === 'answer') return 'answer';
    if (plan.kind === 'refuse' || plan.kind === 'upgrade' || this.stopped !== undefined) return 'block';
    return this.shown.findings.some(({ action }) => action === 'mask') ? 'mask' : 'forward';
  }

  private reason(): string | undefined {
    const plan = this.headPlan;
    if (this.stopped !== undefined) return this.stopped.reason;
    if (plan.kind !== 'read') return planReason(plan, this.state.destination.by);
    return this.parts.detector === undefined ? undefined : reasonUnseen(plan.mode, this.asking?.failure);
  }

  private coverage(requestBytes: number): Coverage {
    const plan = this.headPlan;
    if (plan.kind === 'pass') {
      const { opaque, read, unread } = this.readBefore;
      return { opaque, read, unread: plan.isUnread ? Math.max(unread, requestBytes - opaque - read) : 0 };
    }
    if (this.reader === undefined) return nothingRead;
    const { opaque, read, unread } = this.reader.coverage();
    return { opaque, read, unread };
  }

  private causeOfFinding(finding: Finding): RefusalCause {
    return causeOf(finding, (id) => this.parts.ruleOf(id));
  }

  private causeOfStop(stopped: StopReason): RefusalCause {
    if (stopped === this.unseen) return { kind: 'detector', reason: this.asking?.failure ?? stopped.reason };
    const blocking = this.shown.findings.find(({ action }) => action === 'block');
    if (stopped.kind === 'blocked' && blocking !== undefined) return this.causeOfFinding(blocking);
    return { kind: stopped.kind === 'limit' ? 'limit' : 'unreadable', reason: stopped.reason };
  }

  private refusal(cause: RefusalCause): LocalReply {
    const { client, route } = this.state;
    return refusalReply(cause, this.parts.refusalForm, route.provider, client.app, this.replyContext());
  }

  private replyContext(): ReplyContext {
    return wantedReply(this.state.head, this.decoded(), this.id);
  }

  /** The gathered body without its coding; empty when it is not at hand. */
  private decoded(): Uint8Array {
    const plan = this.headPlan;
    const coding: ReadableCoding = plan.kind === 'read' ? plan.coding : 'identity';
    const decoded = decodeBody(coding, concat(this.received), this.parts.limits);
    return decoded.ok ? decoded.bytes : noBytes;
  }
}
