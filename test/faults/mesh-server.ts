/** A server with an identity, in a process of its own; says where it is and where its callers' certificates lie. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCertificateAuthority } from "@keiko/runtime/identity/authority.ts";
import { writeIdentity } from "@keiko/runtime/identity/files.ts";
import { openIdentity } from "@keiko/runtime/identity/workload-identity.ts";
import { silentLog } from "@keiko/runtime/log.ts";
import { serveGrpc } from "@keiko/runtime/mesh/grpc-server.ts";
import { serveParent } from "../../bench/lib/processes.ts";
import { probeHost } from "../support/host.ts";

export interface Served {
  address: string;
  good: string;
  attacker: string;
}

const root = await mkdtemp(join(tmpdir(), "keiko-attacked-"));
const authority = await createCertificateAuthority();
const folderOf = async (workload: string) => {
  const folder = join(root, workload);
  await writeIdentity(folder, { bundle: authority.bundle, ...(await authority.issue(workload)) });
  return folder;
};
const over = new AbortController();
const identity = await openIdentity(await folderOf("probe"), {
  signal: over.signal,
  log: silentLog,
});
const options = { address: "127.0.0.1:0", identity, log: silentLog };
const server = await serveGrpc(probeHost({}).host, options);

serveParent(
  {
    address: server.address,
    good: await folderOf("tester"),
    attacker: await folderOf("attacker"),
  } satisfies Served,
  async () => ({}),
  async () => {
    await server.close();
    over.abort();
    await rm(root, { recursive: true, force: true });
  },
);
