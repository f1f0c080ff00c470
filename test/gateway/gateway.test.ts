import { readFile } from "node:fs/promises";
import { connect as connectHttp2 } from "node:http2";
import { connect as connectTcp } from "node:net";
import { join } from "node:path";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import {
  createConnectTransport,
  createGrpcTransport,
  createGrpcWebTransport,
} from "@connectrpc/connect-node";
import { Health, HealthCheckResponse_ServingStatus } from "@keiko/gen/grpc/health/v1/health_pb.js";
import { ServerReflection } from "@keiko/gen/grpc/reflection/v1/reflection_pb.js";
import { AuditService } from "@keiko/gen/keiko/audit/v1/audit_service_pb.js";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { PolicyService } from "@keiko/gen/keiko/policy/v1/policy_service_pb.js";
import { RegistryService } from "@keiko/gen/keiko/registry/v1/registry_service_pb.js";
import { TaskService } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { errorInfo } from "@keiko/runtime/errors.ts";
import { limits } from "@keiko/runtime/limits.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ProbeService } from "../gen/keiko/probe/v1/probe_service_pb.js";
import { startKeiko, type TestKeiko } from "../support/keiko.ts";
import { probeAgent } from "../support/probe-agent.ts";

let keiko: TestKeiko;

beforeAll(async () => {
  keiko = await startKeiko({ agents: (substrate) => [probeAgent(substrate.log)] });
});
afterAll(() => keiko.stop());

async function failure(call: Promise<unknown>): Promise<ConnectError> {
  return call.then(
    () => expect.fail("the call should have been refused"),
    (error) => ConnectError.from(error),
  );
}

const authorization = () => ({ authorization: `Bearer ${keiko.token}` });

function post(path: string, body: string, headers: Record<string, string> = {}) {
  const all = { "content-type": "application/json", ...authorization(), ...headers };
  return fetch(`${keiko.base}${path}`, { method: "POST", headers: all, body });
}

const increment = "/keiko.probe.v1.ProbeService/Increment";

describe("one port speaks every protocol", () => {
  const transports: [string, () => Transport][] = [
    [
      "Connect, HTTP/1.1, JSON",
      () => transport(createConnectTransport, { httpVersion: "1.1", useBinaryFormat: false }),
    ],
    ["Connect, HTTP/1.1, binary", () => transport(createConnectTransport, { httpVersion: "1.1" })],
    ["Connect, HTTP/2", () => transport(createConnectTransport, { httpVersion: "2" })],
    ["gRPC", () => transport(createGrpcTransport, {})],
    ["gRPC-Web, HTTP/1.1", () => transport(createGrpcWebTransport, { httpVersion: "1.1" })],
    ["gRPC-Web, HTTP/2", () => transport(createGrpcWebTransport, { httpVersion: "2" })],
  ];

  function transport(make: (options: never) => Transport, options: object): Transport {
    const interceptors = [
      (next: (request: never) => unknown) => (request: { header: Headers }) => {
        request.header.set("authorization", `Bearer ${keiko.token}`);
        return next(request as never);
      },
    ];
    return make({ baseUrl: keiko.base, interceptors, ...options } as never);
  }

  test.each(transports)("%s", async (_, make) => {
    const client = createClient(ProbeService, make());
    expect((await client.increment({ value: 41n })).value).toBe(42n);
    const refused = await failure(client.increment({ value: -1n }));
    expect(refused.code).toBe(Code.InvalidArgument);
    expect(errorInfo(refused)).toMatchObject({ reason: Reason.INVALID_FIELD, field: "value" });
    const registry = createClient(RegistryService, make());
    for await (const { change } of registry.watchWorkloads({})) {
      if (change.case === "current") break;
      expect(change.case).toBe("put");
    }
  });

  test("plain curl: JSON in, JSON out", async () => {
    const response = await post(increment, '{"value": 41}');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ value: "42" });
  });
});

describe("who is not signed in", () => {
  const strangers: Record<string, Record<string, string>> = {
    "shows nothing": {},
    "has the wrong token": { authorization: "Bearer AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" },
    "has an invented session": { cookie: "keiko_session=AAAA" },
    "speaks another scheme": { authorization: "Basic bG9jYWw6bG9jYWw=" },
  };
  test.each(Object.entries(strangers))("who %s gets nowhere", async (_, headers) => {
    const paths = ["/keiko.task.v1.TaskService/ListTasks", increment, "/files"];
    for (const path of paths) {
      const method = {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: "{}",
      };
      const response = await fetch(`${keiko.base}${path}`, method);
      expect(response.status, path).toBe(401);
      expect(((await response.json()) as { code: string }).code).toBe("unauthenticated");
    }
    const file = await fetch(`${keiko.base}/files/${"0".repeat(64)}`, { headers });
    expect(file.status).toBe(401);
  });

  test("reflection is for callers who are signed in, health for anyone", async () => {
    const open = createGrpcTransport({ baseUrl: keiko.base });
    async function* ask() {
      yield { messageRequest: { case: "listServices" as const, value: "" } };
    }
    const reading = (async () => {
      for await (const answer of createClient(ServerReflection, open).serverReflectionInfo(ask())) {
        expect.fail(String(answer.messageResponse.case));
      }
    })();
    expect((await failure(reading)).code).toBe(Code.Unauthenticated);
    const { status } = await createClient(Health, open).check({});
    expect(status).toBe(HealthCheckResponse_ServingStatus.SERVING);
    const names: string[] = [];
    for await (const { messageResponse } of keiko
      .client(ServerReflection)
      .serverReflectionInfo(ask())) {
      if (messageResponse.case !== "listServicesResponse") continue;
      names.push(...messageResponse.value.service.map(({ name }) => name));
    }
    expect(names).toContain("keiko.task.v1.TaskService");
    expect(names).toContain("keiko.probe.v1.ProbeService");
  });

  test("every refusal is in the audit log", async () => {
    await fetch(`${keiko.base}/keiko.task.v1.TaskService/CancelTask`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    const { records } = await keiko.client(AuditService).listRecords({ failedOnly: true });
    expect(records[0]).toMatchObject({
      method: "keiko.task.v1.TaskService/CancelTask",
      code: "unauthenticated",
      server: "gateway",
    });
  });
});

describe("signing in", () => {
  async function signIn(link: string): Promise<Response> {
    return fetch(link, { redirect: "manual" });
  }

  test("the link works once, gives a session that programs cannot read, and hides its code", async () => {
    const link = keiko.signInLink();
    const first = await signIn(link);
    expect(first.status).toBe(303);
    expect(first.headers.get("location")).toBe("/");
    const cookie = first.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await signIn(link)).headers.get("set-cookie")).toBeNull();
    expect((await signIn(`${keiko.base}/?code=guess`)).headers.get("set-cookie")).toBeNull();

    const session = cookie.split(";")[0]!;
    const call = (headers: Record<string, string>) =>
      fetch(`${keiko.base}${increment}`, {
        method: "POST",
        headers: { "content-type": "application/json", cookie: session, ...headers },
        body: '{"value":1}',
      });
    expect((await call({})).status).toBe(200);
    expect((await call({ origin: keiko.base, "sec-fetch-site": "same-origin" })).status).toBe(200);
    expect(
      (await call({ origin: "http://evil.example", "sec-fetch-site": "cross-site" })).status,
    ).toBe(403);
    expect((await call({ origin: "null" })).status).toBe(403);

    const out = await fetch(`${keiko.base}/sign-out`, {
      method: "POST",
      headers: { cookie: session },
    });
    expect(out.status).toBe(204);
    expect((await call({})).status).toBe(401);
  });

  test("a name that is not ours is refused, so that no foreign name can point here", async () => {
    const answer = await raw(
      `GET /healthz HTTP/1.1\r\nhost: evil.example:1\r\nconnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1.1 403/);
    expect(answer).toContain("not a name of this Keiko");
  });
});

describe("bad input ends with field, reason and remedy, and everything else goes on", () => {
  test.each<[string, string, string, RegExp]>([
    [
      "an unknown enum value",
      "/keiko.task.v1.TaskService/ListTasks",
      '{"states":["STATE_FOO"]}',
      /states/,
    ],
    ["a misspelt field", "/keiko.task.v1.TaskService/ListTasks", '{"pageSiez":1}', /pageSiez/],
    [
      "a wrong type",
      "/keiko.task.v1.TaskService/ListTasks",
      '{"pageSize":"many"}',
      /pageSize|page_size/,
    ],
    ["broken JSON", "/keiko.task.v1.TaskService/ListTasks", '{"pageSize":', /JSON/],
    ["an empty goal", "/keiko.task.v1.TaskService/CreateTask", '{"goal":"  "}', /goal/],
    [
      "a goal that is too long",
      "/keiko.task.v1.TaskService/CreateTask",
      `{"goal":"${"x".repeat(5000)}"}`,
      /goal/,
    ],
    [
      "an enum number that is not defined",
      "/keiko.task.v1.TaskService/ListTasks",
      '{"states":[99]}',
      /states/,
    ],
  ])("%s", async (_, path, body, named) => {
    const response = await post(path, body);
    expect(response.status).toBe(400);
    const error = (await response.json()) as {
      code: string;
      message: string;
      details: { type: string; debug: { reason: string; remedy: string; field?: string } }[];
    };
    expect(error.code).toBe("invalid_argument");
    expect(error.message).toMatch(named);
    const [detail] = error.details;
    expect(detail!.type).toBe("keiko.error.v1.ErrorInfo");
    expect(detail!.debug.reason).toBe("REASON_INVALID_FIELD");
    expect(detail!.debug.remedy).not.toBe("");
  });

  test("a method that nobody serves", async () => {
    const response = await post("/keiko.none.v1.NoneService/Do", "{}");
    expect(response.status).toBe(404);
    expect(((await response.json()) as { message: string }).message).toContain(
      "keiko.none.v1.NoneService/Do",
    );
  });

  test("a malformed gRPC frame", async () => {
    const frames = [
      Buffer.from([0, 0, 0, 0, 2, 0x08, 0xff]),
      Buffer.from([0, 0, 0, 0, 99, 1]),
      Buffer.from([7, 0xff, 0xff, 0xff, 0xff]),
    ];
    for (const frame of frames) {
      const status = await grpcStatus(frame);
      expect(
        [Code.InvalidArgument, Code.Internal, Code.ResourceExhausted, Code.Unimplemented].map(
          String,
        ),
      ).toContain(status);
    }
    expect((await post(increment, '{"value":1}')).status).toBe(200);
  });

  test("bytes that are no HTTP, half a preface, a connection that says nothing", async () => {
    expect(await raw("\x16\x03\x01\x00garbage\r\n\r\n")).toMatch(/^(HTTP\/1.1 400|$)/);
    const silent = connectTcp(Number(new URL(keiko.base).port), "127.0.0.1");
    const half = connectTcp(Number(new URL(keiko.base).port), "127.0.0.1", () =>
      half.write("PRI * HT"),
    );
    expect((await post(increment, '{"value":1}')).status).toBe(200);
    silent.destroy();
    half.destroy();
  });

  test("a message over the limit", async () => {
    const response = await post(
      increment,
      `{"value":1,"x":"${"y".repeat(limits.message_bytes_max)}"}`,
    );
    expect(response.status).toBe(429);
    expect((await post(increment, '{"value":1}')).status).toBe(200);
  });
});

describe("files", () => {
  const upload = (body: RequestInit["body"], headers: Record<string, string> = {}) =>
    fetch(`${keiko.base}/files`, {
      method: "POST",
      headers: { ...authorization(), "x-filename": encodeURIComponent("täglich.csv"), ...headers },
      body,
      duplex: "half",
    } as RequestInit);

  test("what goes up comes down, named by its content", async () => {
    const response = await upload("a,b\n1,2\n");
    const file = (await response.json()) as Record<string, string>;
    expect(file).toMatchObject({ filename: "täglich.csv", mediaType: "text/csv", sizeBytes: "8" });
    const again = (await (await upload("a,b\n1,2\n")).json()) as Record<string, string>;
    expect(again.name).toBe(file.name);
    const sha256 = file.name!.replace("artifacts/", "");
    const down = await fetch(`${keiko.base}/files/${sha256}?type=text/csv&name=t%C3%A4glich.csv`, {
      headers: authorization(),
    });
    expect(await down.text()).toBe("a,b\n1,2\n");
    expect(down.headers.get("content-disposition")).toContain("t%C3%A4glich.csv");
    expect(down.headers.get("content-security-policy")).toContain("sandbox");
  });

  test("over the limit nothing is kept, whether the length was stated or not", async () => {
    const size = limits.file_bytes_max + 1;
    async function* endless() {
      for (let sent = 0; sent < size; sent += 1 << 20) yield new Uint8Array(1 << 20);
    }
    const streamed = await upload(endless() as unknown as RequestInit["body"]);
    expect(streamed.status).toBe(413);
    const error = (await streamed.json()) as {
      message: string;
      details: { debug: { remedy: string } }[];
    };
    expect(error.message).toContain("64 MiB");
    expect(error.details[0]!.debug.remedy).not.toBe("");
    const stated = await raw(
      `POST /files HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${keiko.token}\r\nx-filename: big.csv\r\ncontent-length: ${size}\r\nconnection: close\r\n\r\n`,
    );
    expect(stated).toMatch(/^HTTP\/1.1 413/);
  });

  test("what is not there is said by name", async () => {
    const none = await fetch(`${keiko.base}/files/${"0".repeat(64)}`, { headers: authorization() });
    expect(none.status).toBe(404);
    const bad = await fetch(`${keiko.base}/files/..%2f..%2ftoken`, { headers: authorization() });
    expect(bad.status).toBe(400);
  });
});

describe("the console's files", () => {
  test("nothing outside its folder is served", async () => {
    const token = (await readFile(join(keiko.home, "token"), "utf8")).trim();
    for (const path of [
      "/../package.json",
      "/%2e%2e/package.json",
      "/..%2f..%2fpackage.json",
      "/samples/..%2f..%2fpackage.json",
    ]) {
      const answer = await raw(
        `GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
      );
      expect(answer).not.toContain('"workspaces"');
      expect(answer).not.toContain(token);
    }
  });

  test("samples are there with goals in both languages", async () => {
    const samples = (await (await fetch(`${keiko.base}/samples/index.json`)).json()) as {
      filename: string;
      goals: { language: string }[];
    }[];
    expect(samples.length).toBeGreaterThanOrEqual(3);
    for (const { filename, goals } of samples) {
      expect(goals.map(({ language }) => language).sort()).toEqual(["de", "en"]);
      const file = await fetch(`${keiko.base}/samples/${filename}`);
      expect(file.status).toBe(200);
      expect((await file.text()).length).toBeGreaterThan(1000);
    }
    expect((await fetch(`${keiko.base}/samples/none.csv`)).status).toBe(404);
  });
});

test("policy explains itself", async () => {
  const policy = keiko.client(PolicyService);
  const { policies, revision } = await policy.getPolicySet({});
  expect(policies.map(({ id }) => id)).toContain("local-user");
  expect(revision).toMatch(/^[0-9a-f]{64}$/);
  const method = "keiko.registry.v1.RegistryService/RegisterWorkload";
  const explain = (workload: string, user: string) =>
    policy.explainDecision({ workload, user, method });
  expect(await explain("data", "")).toMatchObject({
    allowed: true,
    policies: ["workloads-register"],
  });
  expect(await explain("gateway", "users/local")).toMatchObject({ allowed: false });
  const task = await keiko.client(TaskService).listTasks({});
  expect(task).toBeDefined();
});

/** Sends bytes over a bare connection and gives what comes back until it is closed. */
function raw(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = connectTcp(Number(new URL(keiko.base).port), "127.0.0.1", () =>
      socket.write(bytes),
    );
    socket.on("data", (chunk: Buffer) => {
      answer += chunk.toString("latin1");
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", () => resolve(answer));
  });
}

/** The grpc-status that a frame sent to Increment is answered with. */
function grpcStatus(frame: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(keiko.base);
    const stream = session.request({
      ":method": "POST",
      ":path": increment,
      "content-type": "application/grpc",
      te: "trailers",
      ...authorization(),
    });
    let status = "";
    stream.on("response", (headers) => {
      status = String(headers["grpc-status"] ?? status);
    });
    stream.on("trailers", (headers) => {
      status = String(headers["grpc-status"] ?? status);
    });
    stream.on("close", () => {
      session.close();
      resolve(status);
    });
    stream.on("error", reject);
    stream.resume();
    stream.end(frame);
  });
}
