/** Serves Increment with the whole chain and a known capacity; says how much memory it takes. */

import { Admission } from "@keiko/runtime/admission.ts";
import { createHost, hosted } from "@keiko/runtime/host.ts";
import { createAuthority, createTokenVerifier } from "@keiko/runtime/identity.ts";
import { admissionBounds } from "@keiko/runtime/limits.ts";
import { silentLog } from "@keiko/runtime/log.ts";
import { serveGrpc } from "@keiko/runtime/mesh/grpc-server.ts";
import { createDecider } from "@keiko/runtime/policy.ts";
import { ProbeService } from "../../test/gen/keiko/probe/v1/probe_service_pb.js";
import { serveParent } from "../lib/processes.ts";
import { running_max, work_ms } from "./capacity.ts";

const authority = createAuthority();
const tokens = createTokenVerifier(authority.publicKey);
const refused = () => Promise.reject(new Error("only Increment is measured"));
const admission = new Admission({
  ...admissionBounds,
  running_max,
  running_per_caller_max: running_max,
  waiting_max: 2 * running_max,
  waiting_per_caller_max: 2 * running_max,
});
const host = createHost({
  server: "probe",
  services: [
    hosted(ProbeService, {
      increment: async ({ value }) => {
        await new Promise((next) => setTimeout(next, work_ms));
        return { value: value + 1n };
      },
      record: refused,
      wait: refused,
      fail: refused,
      count: refused as never,
    }),
  ],
  audit: { append: async () => {} },
  tokens,
  decider: () => createDecider({ all: "permit (principal, action, resource);" }),
  admission,
  log: silentLog,
});
const server = await serveGrpc(host, { address: "127.0.0.1:0", tokens, log: silentLog });
serveParent(
  { address: server.address, token: authority.issue("orchestrator") },
  async () => ({ rss_mb: process.memoryUsage().rss / 1e6, ...admission.stats }),
  () => server.close(),
);
