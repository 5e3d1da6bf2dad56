/** A detector's HTTP service for tests, on 127.0.0.1: it sees the words that it is told of, as Presidio would say it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { json } from 'node:stream/consumers';
import { listenAnywhere } from './listening.ts';
import { member, text } from '../../src/app/stand-in/json.ts';
import type { Seen } from './fake-detector.ts';

/** One result, as Presidio Analyzer gives it: in code points. */
interface Result {
  readonly entity_type: string;
  readonly start: number;
  readonly end: number;
  readonly score: number;
}

/** The results for the words of a text. */
function resultsOf(asked: string, seen: Seen, score = 0.85): readonly Result[] {
  return Object.entries(seen).flatMap(([word, label]) => {
    const results: Result[] = [];
    for (let at = asked.indexOf(word); at !== -1; at = asked.indexOf(word, at + 1)) {
      const start = Array.from(asked.slice(0, at)).length;
      results.push({ entity_type: label, start, end: start + Array.from(word).length, score });
    }
    return results;
  });
}

/** Answers a question in its own way; returns whether it has. */
type Behaviour = (asked: string, reply: ServerResponse, request: IncomingMessage) => boolean;

export interface DetectorStandIn {
  readonly url: string;
  /** Every text that it was asked about. */
  readonly asked: string[];
  /** Questions as they came, whole. */
  readonly bodies: unknown[];
  /** What it does in place of answering; undefined: it answers. */
  behave: Behaviour | undefined;
  /** How many questions whose asker has gone. */
  readonly abandoned: () => number;
  /** Resolves once so many texts have been asked about. */
  until(count: number): Promise<void>;
  /** Resolves once so many askers have gone. */
  untilAbandoned(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts one. */
export async function startDetector(seen: Seen): Promise<DetectorStandIn> {
  const asked: string[] = [];
  const bodies: unknown[] = [];
  let gone = 0;
  const waiting = new Set<() => void>();
  const tell = (): void => {
    for (const look of waiting) look();
  };
  const when = (holds: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!holds()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  const server = createServer((request, reply) => {
    reply.on('close', () => {
      if (!reply.writableEnded) gone += 1;
      tell();
    });
    void json(request).then(
      (body) => {
        const question = text(member(body, 'text'));
        bodies.push(body);
        asked.push(question);
        tell();
        if (standIn.behave?.(question, reply, request) === true) return;
        reply.writeHead(200, { 'content-type': 'application/json' });
        reply.end(JSON.stringify(resultsOf(question, seen)));
      },
      () => reply.destroy(),
    );
  });
  const port = await listenAnywhere(server);
  const standIn: DetectorStandIn = {
    url: `http://127.0.0.1:${String(port)}/analyze`,
    asked,
    bodies,
    behave: undefined,
    abandoned: () => gone,
    until: (count) => when(() => asked.length >= count),
    untilAbandoned: (count) => when(() => gone >= count),
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return standIn;
}
