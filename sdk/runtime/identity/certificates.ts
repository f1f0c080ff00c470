/** The two kinds of X.509 certificates that Keiko needs: an authority's own, and a workload's. */
import { createHash, createPublicKey, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from "@peculiar/asn1-x509";

const oids = {
  ecdsaWithSha256: "1.2.840.10045.4.3.2",
  commonName: "2.5.4.3",
  basicConstraints: "2.5.29.19",
  keyUsage: "2.5.29.15",
  extendedKeyUsage: "2.5.29.37",
  subjectAlternativeName: "2.5.29.17",
  subjectKeyIdentifier: "2.5.29.14",
  authorityKeyIdentifier: "2.5.29.35",
  serverAuthentication: "1.3.6.1.5.5.7.3.1",
  clientAuthentication: "1.3.6.1.5.5.7.3.2",
} as const;

export interface Issuing {
  /** Name of the authority; its own certificate is signed by itself. */
  issuer: string;
  signingKey: KeyObject;
  from: Date;
  until: Date;
}

/** An authority's own certificate, PEM: it may sign workloads and nothing that signs again. */
export function authorityCertificate(issuing: Issuing, uri: string): string {
  const publicKey = createPublicKey(issuing.signingKey);
  return signed(issuing, issuing.issuer, publicKey, [
    extension(
      oids.basicConstraints,
      new BasicConstraints({ cA: true, pathLenConstraint: 0 }),
      true,
    ),
    extension(oids.keyUsage, new KeyUsage(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign), true),
    alternativeNames(uri, []),
  ]);
}

/** A workload's certificate, PEM: good for both ends of a connection. */
export function workloadCertificate(
  issuing: Issuing,
  workload: { publicKey: KeyObject; name: string; uri: string; hosts: readonly string[] },
): string {
  return signed(issuing, workload.name, workload.publicKey, [
    extension(oids.basicConstraints, new BasicConstraints({ cA: false }), true),
    extension(oids.keyUsage, new KeyUsage(KeyUsageFlags.digitalSignature), true),
    extension(
      oids.extendedKeyUsage,
      new ExtendedKeyUsage([oids.serverAuthentication, oids.clientAuthentication]),
    ),
    alternativeNames(workload.uri, workload.hosts),
  ]);
}

function signed(
  issuing: Issuing,
  subject: string,
  publicKey: KeyObject,
  extensions: Extension[],
): string {
  const algorithm = new AlgorithmIdentifier({ algorithm: oids.ecdsaWithSha256 });
  const issuerKey = keyIdentifier(createPublicKey(issuing.signingKey));
  const body = new TBSCertificate({
    version: Version.v3,
    serialNumber: bytes(serialNumber()),
    signature: algorithm,
    issuer: commonName(issuing.issuer),
    validity: new Validity({ notBefore: issuing.from, notAfter: issuing.until }),
    subject: commonName(subject),
    subjectPublicKeyInfo: AsnConvert.parse(spki(publicKey), SubjectPublicKeyInfo),
    extensions: new Extensions([
      ...extensions,
      extension(oids.subjectKeyIdentifier, new SubjectKeyIdentifier(keyIdentifier(publicKey))),
      extension(
        oids.authorityKeyIdentifier,
        new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(issuerKey) }),
      ),
    ]),
  });
  const signature = sign("sha256", Buffer.from(AsnConvert.serialize(body)), issuing.signingKey);
  const certificate = new Certificate({
    tbsCertificate: body,
    signatureAlgorithm: algorithm,
    signatureValue: bytes(signature),
  });
  return pem("CERTIFICATE", Buffer.from(AsnConvert.serialize(certificate)));
}

function extension(extnID: string, value: unknown, critical = false): Extension {
  return new Extension({
    extnID,
    critical,
    extnValue: new OctetString(AsnConvert.serialize(value)),
  });
}

function alternativeNames(uri: string, hosts: readonly string[]): Extension {
  return extension(
    oids.subjectAlternativeName,
    new SubjectAlternativeName([
      new GeneralName({ uniformResourceIdentifier: uri }),
      ...hosts.map((host) => new GeneralName(isIP(host) ? { iPAddress: host } : { dNSName: host })),
    ]),
  );
}

function commonName(value: string): Name {
  const attribute = new AttributeTypeAndValue({
    type: oids.commonName,
    value: new AttributeValue({ utf8String: value }),
  });
  return new Name([new RelativeDistinguishedName([attribute])]);
}

function serialNumber(): Buffer {
  const serial = randomBytes(16);
  // Positive, and without a leading zero: what every reader takes as the same number.
  serial[0] = (serial[0]! & 0x7f) | 0x40;
  return serial;
}

function keyIdentifier(key: KeyObject): ArrayBuffer {
  return bytes(createHash("sha256").update(spki(key)).digest().subarray(0, 20));
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: "spki", format: "der" });
}

function bytes(of: Uint8Array): ArrayBuffer {
  return Uint8Array.from(of).buffer;
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
