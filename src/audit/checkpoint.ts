/** Signed statements about the chain: checkpoints, and the anchors that stand for what retention dropped. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { canonicalJson } from './chain.ts';

/** `checkpoint`: the chain reached this far. `anchor`: retention dropped everything up to and with this entry. */
export type StatementKind = 'checkpoint' | 'anchor';

/** One line of `checkpoints.log`, and one row of the database. */
export interface Statement {
  readonly kind: StatementKind;
  /** The number of the last entry it speaks of, counted from the first the record ever had. */
  readonly entries: number;
  /** Hex hash of that entry. */
  readonly head: string;
  /** RFC 3339, UTC. */
  readonly time: string;
  /** The Ed25519 public key, 32 raw bytes in base64url: what to pin outside of this machine. */
  readonly key: string;
  /** Over {@link signedBytes}, base64url. */
  readonly signature: string;
}

/** Signs statements with the record's key. */
export interface Signer {
  /** As in {@link Statement}. */
  readonly key: string;
  sign(statement: Pick<Statement, 'kind' | 'entries' | 'head' | 'time'>): Statement;
}

// The leading line keeps a signature from counting for anything else that the key might ever sign.
function signedBytes({ kind, entries, head, time, key }: Omit<Statement, 'signature'>): Buffer {
  return Buffer.from(`sluice statement v1\n${canonicalJson({ kind, entries, head, time, key })}`);
}

function rawPublicKey(key: KeyObject): string {
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  return x ?? '';
}

/** Makes a private key, as PKCS #8 in PEM. */
export function makeSigningKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Makes a signer. @param pem what {@link makeSigningKey} returned; @throws Error when it is no Ed25519 key */
export function createSigner(pem: string): Signer {
  const privateKey = createPrivateKey(pem);
  if (privateKey.asymmetricKeyType !== 'ed25519') throw new TypeError('not an Ed25519 key');
  const key = rawPublicKey(privateKey);
  return {
    key,
    sign(statement) {
      const whole = { ...statement, key };
      return { ...whole, signature: sign(null, signedBytes(whole), privateKey).toString('base64url') };
    },
  };
}

/** Whether a statement was signed by the key it names. */
export function isSigned(statement: Statement): boolean {
  try {
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: statement.key }, format: 'jwk' });
    return verify(null, signedBytes(statement), key, Buffer.from(statement.signature, 'base64url'));
  } catch {
    // A key that cannot be read has signed nothing.
    return false;
  }
}

/** Shortens a public key for people. */
export function keyName(key: string): string {
  return createHash('sha256').update(Buffer.from(key, 'base64url')).digest('hex').slice(0, 16);
}

const kinds: readonly unknown[] = ['checkpoint', 'anchor'] satisfies StatementKind[];

function isStatement(value: unknown): value is Statement {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, entries, head, time, key, signature }: Partial<Record<keyof Statement, unknown>> = value;
  return (
    kinds.includes(kind) &&
    Number.isSafeInteger(entries) &&
    [head, time, key, signature].every((text) => typeof text === 'string')
  );
}

/** Reads one line of `checkpoints.log`; undefined when it is no statement. */
export function parseStatement(line: string): Statement | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isStatement(value) ? value : undefined;
  } catch {
    // A torn or foreign line: the caller says so.
    return undefined;
  }
}
