/** Content codings undone and applied again as bytes pass; each flushes promptly, so that nothing waits in it. */
import type { Duplex } from 'node:stream';
import {
  constants,
  createBrotliCompress,
  createBrotliDecompress,
  createDeflate,
  createGunzip,
  createGzip,
  createInflate,
} from 'node:zlib';
import type { Plan } from '../inspect/exchange.ts';

/** The codings that inspection asks to be undone. */
export type StreamCoding = Extract<Plan, { kind: 'forward' }>['coding'];

const zlibFlush = { flush: constants.Z_SYNC_FLUSH };
/** Quality 5 is near gzip's default in time and better in size; brotli's own default of 11 is for files. */
const brotliFlush = {
  flush: constants.BROTLI_OPERATION_FLUSH,
  params: { [constants.BROTLI_PARAM_QUALITY]: 5 },
};

/** A stage that decodes; it fails on broken or truncated input. Undefined for identity. */
export function decoderFor(coding: StreamCoding): Duplex | undefined {
  switch (coding) {
    case 'identity':
      return undefined;
    case 'gzip':
      return createGunzip({ flush: constants.Z_SYNC_FLUSH });
    case 'deflate':
      return createInflate({ flush: constants.Z_SYNC_FLUSH });
    case 'br':
      return createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH });
  }
}

/** A stage that encodes; undefined for identity. */
export function encoderFor(coding: StreamCoding): Duplex | undefined {
  switch (coding) {
    case 'identity':
      return undefined;
    case 'gzip':
      return createGzip(zlibFlush);
    case 'deflate':
      return createDeflate(zlibFlush);
    case 'br':
      return createBrotliCompress(brotliFlush);
  }
}
