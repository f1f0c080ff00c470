/**
 * Who this process is: a certificate read from files and swapped when they change, without a restart
 * and without dropping a connection. New connections show the new certificate; whoever opened one
 * with the old is asked to come again before that one ends (see mesh/listener.ts).
 */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { watch } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createSecureContext, type SecureContext, type SecureContextOptions } from "node:tls";
import type { ChannelCredentials } from "@grpc/grpc-js";
import { limits } from "../limits.ts";
import type { Log } from "../log.ts";
import { identityFileNames } from "./files.ts";
import { IdentityCredentials } from "./identity-credentials.ts";
import { type SpiffeId, spiffeOf } from "./spiffe.ts";

export interface WorkloadIdentity {
  /** Name of this workload: "orchestrator". */
  readonly workload: string;
  readonly trust_domain: string;
  /** When the certificate in use ends, milliseconds since the epoch. */
  readonly expires_ms: number;
  /** Authorities, certificate and key in use now, for either end of a connection. */
  readonly secureContext: SecureContext;
  /** The same as options, for a server that keeps its own context. */
  readonly contextOptions: SecureContextOptions;
  /** For a grpc-js channel; each connection uses what is in use when it is made. */
  channelCredentials(options?: { expected?: string }): ChannelCredentials;
  /** Where the files lie, for clients that read them themselves. */
  readonly tlsFiles: { ca: string; cert: string; key: string };
  /** Calls the listener after each swap; the function returned ends that. */
  onChange(listener: () => void): () => void;
}

interface Loaded extends SpiffeId {
  expires_ms: number;
  contextOptions: SecureContextOptions;
  secureContext: SecureContext;
  /** Tells one set of files from the next. */
  fingerprint: string;
}

/** How long files may disagree while they are being replaced, and how often they are read meanwhile. */
const settle = { tries: 20, wait_ms: 50 };

/** Reads the identity in the folder and follows it until the signal aborts. */
export async function openIdentity(
  folder: string,
  { signal, log }: { signal: AbortSignal; log: Log },
): Promise<WorkloadIdentity> {
  let loaded = await load(folder);
  const listeners = new Set<() => void>();
  const look = async () => {
    try {
      const next = await load(folder);
      if (signal.aborted || next.fingerprint === loaded.fingerprint) return;
      if (next.workload !== loaded.workload || next.trust_domain !== loaded.trust_domain) {
        throw new Error(`the files name another workload now: ${next.workload}`);
      }
      loaded = next;
      log.debug("identity swapped", { workload: next.workload, expires_ms: next.expires_ms });
      for (const listener of [...listeners]) listener();
    } catch (cause) {
      log.warn("identity kept as it was, its files cannot be used", { cause: String(cause) });
    }
  };
  follow(folder, signal, look);
  const identity: WorkloadIdentity = {
    get workload() {
      return loaded.workload;
    },
    get trust_domain() {
      return loaded.trust_domain;
    },
    get expires_ms() {
      return loaded.expires_ms;
    },
    get secureContext() {
      return loaded.secureContext;
    },
    get contextOptions() {
      return loaded.contextOptions;
    },
    channelCredentials({ expected } = {}) {
      return new IdentityCredentials(identity, expected);
    },
    tlsFiles: {
      ca: join(folder, identityFileNames.ca),
      cert: join(folder, identityFileNames.cert),
      key: join(folder, identityFileNames.key),
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return identity;
}

/** Looks whenever the system tells of a change, and now and then in case it does not. */
function follow(folder: string, signal: AbortSignal, look: () => Promise<void>): void {
  let running: Promise<void> | undefined;
  let again = false;
  const soon = () => {
    if (running) {
      again = true;
      return;
    }
    running = look().finally(() => {
      running = undefined;
      if (!again || signal.aborted) return;
      again = false;
      soon();
    });
  };
  // Mounted secrets are replaced by links inside the folder, so the folder is what to watch.
  const watcher = watch(folder, { persistent: false, signal }, soon);
  watcher.on("error", () => watcher.close());
  const timer = setInterval(soon, limits.identity_look_ms).unref();
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}

async function load(folder: string): Promise<Loaded> {
  for (let tried = 1; ; tried++) {
    try {
      return await loadOnce(folder);
    } catch (error) {
      if (tried === settle.tries || !(error instanceof Unsettled)) throw error;
      await new Promise((next) => setTimeout(next, settle.wait_ms));
    }
  }
}

/** Key and certificate are not of one pair: they are being replaced. */
class Unsettled extends Error {}

async function loadOnce(folder: string): Promise<Loaded> {
  const read = (name: string) => readFile(join(folder, name));
  const [ca, cert, key] = await Promise.all([
    read(identityFileNames.ca),
    read(identityFileNames.cert),
    read(identityFileNames.key),
  ]);
  const certificate = new X509Certificate(cert);
  if (!certificate.checkPrivateKey(createPrivateKey(key))) {
    throw new Unsettled(`${folder}: certificate and key are not of one pair`);
  }
  const named = spiffeOf(certificate);
  if (!named) throw new Error(`${folder}: the certificate names no workload`);
  const expires_ms = certificate.validToDate.getTime();
  if (expires_ms <= Date.now()) {
    throw new Error(`${folder}: the certificate of "${named.workload}" is out of date`);
  }
  // TLS 1.3 only: both ends are ours.
  const contextOptions = { ca, cert, key, minVersion: "TLSv1.3" } as const;
  return {
    ...named,
    expires_ms,
    contextOptions,
    secureContext: createSecureContext(contextOptions),
    fingerprint: `${certificate.fingerprint256} ${ca.toString("base64")}`,
  };
}
