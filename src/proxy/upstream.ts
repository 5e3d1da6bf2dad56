/** Sends requests to upstreams in the protocol that fits the client and the request. */
import { createDialer, type Dialer } from './dialer.ts';
import type { ProxyTimeouts, UpstreamSettings } from './settings.ts';
import type { UpstreamCall, UpstreamFlow, UpstreamListener } from './upstream-call.ts';
import { createHttp2Upstream } from './upstream-h2.ts';
import { sendWithTrailers } from './upstream-node.ts';
import { createUndiciUpstream } from './upstream-undici.ts';

export interface Upstream {
  readonly dialer: Dialer;
  send(call: UpstreamCall, listener: UpstreamListener): UpstreamFlow;
  close(): Promise<void>;
}

/** Creates the upstream side of one proxy. */
export function createUpstream(settings: UpstreamSettings, timeouts: ProxyTimeouts): Upstream {
  const dialer = createDialer(settings, timeouts.connect);
  const http1 = createUndiciUpstream(dialer, timeouts);
  const http2 = createHttp2Upstream(dialer, timeouts);

  const sendHttp1 = (call: UpstreamCall, listener: UpstreamListener): UpstreamFlow =>
    call.trailers === undefined ? http1.send(call, listener) : sendWithTrailers(dialer, timeouts, call, listener);

  /** For a client on HTTP/2: the same to the upstream if it can, HTTP/1.1 otherwise. */
  function sendMirrored(call: UpstreamCall, listener: UpstreamListener): UpstreamFlow {
    let flow: UpstreamFlow | undefined;
    let isAborted = false;
    http2
      .sessionFor(call.target)
      .then((session) => {
        if (isAborted) return;
        flow = session === undefined ? sendHttp1(call, listener) : http2.send(session, call, listener);
      })
      .catch((error: unknown) => {
        if (!isAborted) listener.onError(error);
      });
    return {
      abort() {
        isAborted = true;
        flow?.abort();
      },
      resume: () => flow?.resume(),
    };
  }

  return {
    dialer,
    send: (call, listener) =>
      call.protocol === 'h2' && call.target.scheme === 'https'
        ? sendMirrored(call, listener)
        : sendHttp1(call, listener),
    async close() {
      http2.close();
      await http1.close();
    },
  };
}
