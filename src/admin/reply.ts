/** What the admin port answers: JSON or text, under headers that no page of another origin can do anything with. */
import type { ServerResponse } from 'node:http';
import { AppError, type ErrorCode } from '../core/errors.ts';

/** An answer of a route. */
export interface AdminReply {
  /** 200 when absent. */
  readonly status?: number;
  /** JSON-safe and free of secrets other than those asked for. */
  readonly body: object;
  /** Called once the answer has been handed to the system: for what ends the server. */
  readonly after?: () => void;
}

const commonHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/** HTTP statuses of the codes that say what the caller did; the others are 500. */
const statuses: Partial<Record<ErrorCode, number>> = {
  ERR_USAGE: 400,
  ERR_INPUT_DATA: 400,
  ERR_INPUT_MISSING: 404,
  ERR_CONFIG_INVALID: 400,
  ERR_CONFIG_UNSAFE: 400,
  ERR_RULES_INVALID: 400,
  ERR_PERMISSION: 403,
};

/** A refusal of the admin port itself. */
export class AdminRefusal extends Error {
  readonly status: number;
  readonly code: ErrorCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: ErrorCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** Sends text. */
export function sendText(response: ServerResponse, status: number, contentType: string, text: string): void {
  response.writeHead(status, {
    ...commonHeaders,
    'content-type': contentType,
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** Sends a JSON document. */
export function sendJson(
  response: ServerResponse,
  { status = 200, body, after }: AdminReply,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify({ schemaVersion: 1, ...body }) + '\n';
  response.writeHead(status, {
    ...commonHeaders,
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text, after);
}

/** Sends a failure; what is not ours to tell becomes `ERR_INTERNAL` without a word of it. */
export function sendFailure(response: ServerResponse, error: unknown): void {
  if (error instanceof AdminRefusal) {
    const body = { error: { code: error.code, message: error.message } };
    sendJson(response, { status: error.status, body }, error.headers);
  } else if (error instanceof AppError) {
    const { code, message, hint, details } = error;
    sendJson(response, { status: statuses[code] ?? 500, body: { error: { code, message, hint, details } } });
  } else {
    sendJson(response, { status: 500, body: { error: { code: 'ERR_INTERNAL', message: 'the request failed' } } });
  }
}
