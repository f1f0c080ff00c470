/** Calls Increment in one of three ways: as often as it can, one after the other, or at a steady rate. */
import { create } from "@bufbuild/protobuf";
import { createClient, type Transport } from "@connectrpc/connect";
import { createGrpcTransport as createConnectNodeTransport } from "@connectrpc/connect-node";
import { Client, credentials } from "@grpc/grpc-js";
import { openIdentity } from "@keiko/runtime/identity/workload-identity.ts";
import { silentLog } from "@keiko/runtime/log.ts";
import { createMesh } from "@keiko/runtime/mesh/mesh.ts";
import { ProbeService } from "../../test/gen/keiko/probe/v1/probe_service_pb.js";
import { atSteadyRate } from "../../test/support/steady-rate.ts";
import { cpu_us, serveParent } from "../lib/processes.ts";
import { bareDefinition, increment, type Kind } from "./message.ts";

type Call = (value: bigint) => Promise<bigint>;

function typed(transport: Transport, headers: Record<string, string>): Call {
  const client = createClient(ProbeService, transport);
  return async (value) => (await client.increment({ value }, { headers })).value;
}

const ways: Record<Kind, (port: string, folder: string) => Call | Promise<Call>> = {
  async keiko(port, folder) {
    const signal = new AbortController().signal;
    const identity = await openIdentity(folder, { signal, log: silentLog });
    const mesh = createMesh({ identity, log: silentLog });
    mesh.update(ProbeService.typeName, [{ address: `127.0.0.1:${port}`, identity: "probe" }]);
    return typed(mesh.transport, { "keiko-user": "users/local" });
  },
  "grpc-js"(port) {
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    const { path, requestSerialize, responseDeserialize } = bareDefinition;
    return (value) =>
      new Promise((resolve, reject) => {
        const message = create(increment.input, { value });
        client.makeUnaryRequest(
          path,
          requestSerialize,
          responseDeserialize,
          message,
          (error, response) => (error ? reject(error) : resolve(response!.value)),
        );
      });
  },
  "connect-node": (port) =>
    typed(createConnectNodeTransport({ baseUrl: `http://127.0.0.1:${port}` }), {}),
};

export type Question =
  | { kind: "load"; concurrency: number; time_ms: number }
  | { kind: "alone"; calls: number }
  | { kind: "steady"; per_second: number; time_ms: number };

type Of<K extends Question["kind"]> = Extract<Question, { kind: K }>;

async function asked(call: Call, value: bigint): Promise<number> {
  const start = performance.now();
  if ((await call(value)) !== value + 1n) throw new Error(`a wrong answer to ${value}`);
  return performance.now() - start;
}

async function alone(call: Call, { calls }: Of<"alone">) {
  const samples_ms: number[] = [];
  for (let i = 0; i < calls; i++) samples_ms.push(await asked(call, BigInt(i)));
  return { samples_ms };
}

async function steady(call: Call, { per_second, time_ms }: Of<"steady">) {
  const running: Promise<number>[] = [];
  await atSteadyRate(
    per_second,
    (elapsed_ms) => elapsed_ms < time_ms,
    () => running.push(asked(call, BigInt(running.length))),
  );
  return { samples_ms: await Promise.all(running) };
}

async function load(call: Call, { concurrency, time_ms }: Of<"load">) {
  const cpu = cpu_us();
  const start = performance.now();
  const end = start + time_ms;
  let calls = 0;
  const one = async () => {
    while (performance.now() < end) {
      await asked(call, BigInt(calls++));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, one));
  const elapsed_ms = performance.now() - start;
  return { per_second: (calls / elapsed_ms) * 1_000, calls, cpu_us: cpu_us() - cpu };
}

const [kind, port = "", folder = ""] = process.argv.slice(2);
const call = await ways[kind as Kind](port, folder);
serveParent(
  {},
  (question: Question): Promise<object> => {
    if (question.kind === "alone") return alone(call, question);
    return question.kind === "steady" ? steady(call, question) : load(call, question);
  },
  async () => {},
);
