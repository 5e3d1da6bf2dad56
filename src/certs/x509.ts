/** X.509 certificates: node-forge builds the ASN.1, node:crypto holds the keys and signs. */
import { createHash, createPublicKey, randomBytes, sign, type KeyObject } from 'node:crypto';
import forge from 'node-forge';
import type { NameConstraints } from './constraints.ts';
import { addressBytes, type HostName } from './names.ts';

// What node-forge takes and its types do not say.
declare module 'node-forge' {
  namespace asn1 {
    function fromDer(bytes: Bytes, options: { decodeBitStrings: boolean }): Asn1;
    function create(tagClass: Class, tag: number, constructed: boolean, value: Bytes | Asn1[]): Asn1;
  }
}

type Asn1 = forge.asn1.Asn1;
const { asn1 } = forge;
const { UNIVERSAL, CONTEXT_SPECIFIC } = asn1.Class;

/** Object identifiers: RFC 5280 (extensions, names), RFC 5758 (ecdsa-with-SHA256). */
const oids = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  organizationName: '2.5.4.10',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  authorityKeyIdentifier: '2.5.29.35',
  extKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
} as const;

/** When a certificate holds, in milliseconds since the epoch; written in whole seconds. */
interface Validity {
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

export interface AuthorityRequest extends Validity {
  readonly commonName: string;
  /** The authority's private key, P-256. */
  readonly key: KeyObject;
  /** null: unconstrained. */
  readonly constraints: NameConstraints | null;
}

export interface LeafRequest extends Validity {
  readonly host: HostName;
  readonly subjectKey: SubjectKey;
  readonly issuer: Issuer;
}

/** A public key as certificates hold it, prepared once: taking it out of a KeyObject costs more than signing. */
export interface SubjectKey {
  readonly info: Asn1;
  readonly identifier: Uint8Array;
}

/** What a leaf takes over from its authority. */
export interface Issuer {
  readonly key: KeyObject;
  /** The authority's subject, as its certificate spells it. */
  readonly name: Asn1;
  readonly keyIdentifier: Uint8Array;
}

/** Prepares an authority's certificate (DER) and key for issuing. */
export function issuerOf(certificate: Uint8Array, key: KeyObject): Issuer {
  const tbs = child(fromDer(certificate), 0);
  // TBSCertificate: version, serialNumber, signature, issuer, validity, subject (RFC 5280 §4.1).
  return { key, name: child(tbs, 5), keyIdentifier: subjectKeyOf(createPublicKey(key)).identifier };
}

/** Prepares a public key (P-256) for certificates. */
export function subjectKeyOf(publicKey: KeyObject): SubjectKey {
  const info = fromDer(publicKey.export({ type: 'spki', format: 'der' }));
  const bitString = child(info, 1).value;
  if (typeof bitString !== 'string') throw new TypeError('the public key has an unexpected structure');
  // The leftmost 160 bits of SHA-256 (RFC 7093 §2, method 1: no SHA-1, which FIPS builds lack) over the key itself; the
  // first byte of a BIT STRING counts its unused bits.
  const digest = createHash('sha256').update(bitString.slice(1), 'latin1').digest();
  return { info, identifier: digest.subarray(0, 20) };
}

/** Makes a self-signed authority that can sign leaves only, and only for TLS servers. Returns DER. */
export function buildAuthority(request: AuthorityRequest): Uint8Array {
  const subjectKey = subjectKeyOf(createPublicKey(request.key));
  const { identifier } = subjectKey;
  const name = distinguishedName(request.commonName);
  const extensions = [
    extension(oids.basicConstraints, true, sequence(boolean(true), integer(0))),
    extension(oids.keyUsage, true, bits(0x04, 2)), // keyCertSign, bit 5
    // Read along the whole path by most verifiers: a stolen key signs no mail and no code either.
    extension(oids.extKeyUsage, false, sequence(oid(oids.serverAuth))),
    ...(request.constraints === null ? [] : [nameConstraints(request.constraints)]),
    extension(oids.subjectKeyIdentifier, false, octets(identifier)),
    authorityKeyIdentifier(identifier),
  ];
  return certificate(request, { issuer: name, subject: name, subjectKey, extensions, signer: request.key });
}

/** Makes a server certificate for one host. Returns DER. */
export function buildLeaf(request: LeafRequest): Uint8Array {
  const { issuer, host } = request;
  const altName =
    host.kind === 'dns' ? context(2, false, host.name) : context(7, false, binary(addressBytes(host.name)));
  const extensions = [
    extension(oids.basicConstraints, true, sequence()),
    extension(oids.keyUsage, true, bits(0x80, 7)), // digitalSignature, bit 0
    extension(oids.extKeyUsage, false, sequence(oid(oids.serverAuth))),
    extension(oids.subjectAltName, false, sequence(altName)),
    extension(oids.subjectKeyIdentifier, false, octets(request.subjectKey.identifier)),
    authorityKeyIdentifier(issuer.keyIdentifier),
  ];
  return certificate(request, {
    issuer: issuer.name,
    // Never the host: a common name that looks like one is checked against DNS constraints, also for an address.
    subject: distinguishedName('Sluice leaf certificate'),
    subjectKey: request.subjectKey,
    extensions,
    signer: issuer.key,
  });
}

interface CertificateParts {
  readonly issuer: Asn1;
  readonly subject: Asn1;
  readonly subjectKey: SubjectKey;
  readonly extensions: readonly Asn1[];
  readonly signer: KeyObject;
}

function certificate(validity: Validity, parts: CertificateParts): Uint8Array {
  const algorithm = sequence(oid(oids.ecdsaWithSha256));
  const tbs = sequence(
    context(0, true, [integer(2)]), // v3
    serialNumber(),
    algorithm,
    parts.issuer,
    sequence(time(validity.notBeforeMs), time(validity.notAfterMs)),
    parts.subject,
    parts.subjectKey.info,
    context(3, true, [sequence(...parts.extensions)]),
  );
  const signature = sign('sha256', toDer(tbs), { key: parts.signer, dsaEncoding: 'der' });
  return toDer(sequence(tbs, algorithm, primitive(asn1.Type.BITSTRING, `\0${binary(signature)}`)));
}

/** 127 bits with the highest set: always 16 bytes, positive, and minimal DER (RFC 5280 §4.1.2.2 allows 20). */
function serialNumber(): Asn1 {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return primitive(asn1.Type.INTEGER, binary(bytes));
}

function nameConstraints({ dns, ip }: NameConstraints): Asn1 {
  const subtree = (base: Asn1): Asn1 => sequence(base);
  const dnsBase = (name: string): Asn1 => subtree(context(2, false, name));
  const ipBase = (address: Uint8Array, mask: number): Asn1 =>
    subtree(context(7, false, binary(Buffer.concat([address, Buffer.alloc(address.length, mask)]))));
  const addresses = ip.map(addressBytes);
  const permitted = [...dns.map(dnsBase), ...addresses.map((address) => ipBase(address, 0xff))];
  // A kind of name that the extension does not mention stays unconstrained, so each kind unused is excluded whole.
  const excluded = [
    ...(dns.length === 0 ? [dnsBase('')] : []),
    ...[4, 16]
      .filter((length) => !addresses.some((address) => address.length === length))
      .map((length) => ipBase(Buffer.alloc(length), 0)),
  ];
  return extension(
    oids.nameConstraints,
    true,
    sequence(
      ...(permitted.length === 0 ? [] : [context(0, true, permitted)]),
      ...(excluded.length === 0 ? [] : [context(1, true, excluded)]),
    ),
  );
}

function authorityKeyIdentifier(identifier: Uint8Array): Asn1 {
  return extension(oids.authorityKeyIdentifier, false, sequence(context(0, false, binary(identifier))));
}

function distinguishedName(commonName: string): Asn1 {
  const attribute = (type: string, value: string): Asn1 =>
    asn1.create(UNIVERSAL, asn1.Type.SET, true, [
      sequence(oid(type), primitive(asn1.Type.UTF8, binary(Buffer.from(value)))),
    ]);
  return sequence(attribute(oids.organizationName, 'Sluice'), attribute(oids.commonName, commonName));
}

function extension(type: string, isCritical: boolean, value: Asn1): Asn1 {
  return sequence(oid(type), ...(isCritical ? [boolean(true)] : []), octets(toDer(value)));
}

/** UTCTime to 2049, GeneralizedTime after (RFC 5280 §4.1.2.5). */
function time(ms: number): Asn1 {
  const date = new Date(ms);
  return date.getUTCFullYear() < 2050
    ? primitive(asn1.Type.UTCTIME, asn1.dateToUtcTime(date))
    : primitive(asn1.Type.GENERALIZEDTIME, asn1.dateToGeneralizedTime(date));
}

function sequence(...children: Asn1[]): Asn1 {
  return asn1.create(UNIVERSAL, asn1.Type.SEQUENCE, true, children);
}

function context(tag: number, isConstructed: boolean, value: string | Asn1[]): Asn1 {
  return asn1.create(CONTEXT_SPECIFIC, tag, isConstructed, value);
}

function primitive(type: forge.asn1.Type, value: string): Asn1 {
  return asn1.create(UNIVERSAL, type, false, value);
}

function oid(value: string): Asn1 {
  return primitive(asn1.Type.OID, asn1.oidToDer(value).getBytes());
}

function integer(value: number): Asn1 {
  return primitive(asn1.Type.INTEGER, asn1.integerToDer(value).getBytes());
}

function boolean(value: boolean): Asn1 {
  return primitive(asn1.Type.BOOLEAN, value ? '\xff' : '\0');
}

function bits(byte: number, unused: number): Asn1 {
  return primitive(asn1.Type.BITSTRING, String.fromCharCode(unused, byte));
}

function octets(bytes: Uint8Array): Asn1 {
  return primitive(asn1.Type.OCTETSTRING, binary(bytes));
}

function child(node: Asn1, index: number): Asn1 {
  const found = Array.isArray(node.value) ? node.value[index] : undefined;
  if (found === undefined) throw new TypeError('the certificate has an unexpected structure');
  return found;
}

function fromDer(bytes: Uint8Array): Asn1 {
  // A decoded BIT STRING would not be written back as it was.
  return asn1.fromDer(binary(bytes), { decodeBitStrings: false });
}

function toDer(node: Asn1): Buffer {
  return Buffer.from(asn1.toDer(node).getBytes(), 'latin1');
}

/** Forge's byte strings: one character a byte. */
function binary(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
