/** What `keiko up` and a process of one unit refuse before anything is started. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readUpConfig } from "@keiko/local/up/config.ts";
import { createPainter } from "@keiko/local/up/lines.ts";
import { leavingOrder, replicasOf } from "@keiko/local/up/units.ts";
import { readProcessConfig } from "@keiko/runtime/process/config.ts";
import { describe, expect, test } from "vitest";

describe("keiko up", () => {
  test("options go before variables", () => {
    const given = readUpConfig(["--port", "0", "--replicas", "data=3,visual=2"], {
      KEIKO_PORT: "7000",
      KEIKO_NATS_URL: "nats://127.0.0.1:4222",
      PATH: "/bin",
    });
    expect(given).toMatchObject({ port: 0, nats: "nats://127.0.0.1:4222" });
    expect([...given.replicas]).toEqual([
      ["data", 3],
      ["visual", 2],
    ]);
  });

  test.each([
    [["--replicas", "data"], {}, /replicas "data" is not UNIT=N/],
    [["--replicas", "data=0"], {}, /N from 1 to 32/],
    [["--replicas", "data=99"], {}, /N from 1 to 32/],
    [["--certificate-minutes", "90"], {}, /certificate-minutes "90"/],
    [["--port", "99999"], {}, /KEIKO_PORT "99999"/],
    [["--nonsense"], {}, /Options: --home/],
    [[], { KEIKO_NATS_URLS: "x" }, /KEIKO_NATS_URLS is not a setting/],
  ])("%j with %j is refused", (args, environment, message) => {
    expect(() => readUpConfig(args, environment)).toThrow(message);
  });

  test("replicas of what is not there, or can be there only once, are refused by name", () => {
    const units = [
      { identity: "data", folder: "agents/data" },
      { identity: "gateway", folder: "gateway", single: "one door" },
    ];
    const count = (...args: string[]) => replicasOf(units, readUpConfig(args, {}));
    expect(count("--replicas", "data=3")("data")).toBe(3);
    expect(count("--replicas", "data=3")("gateway")).toBe(1);
    expect(() => count("--replicas", "dta=3")).toThrow(/no unit "dta"; there are: data, gateway/);
    expect(() => count("--replicas", "gateway=2")).toThrow(/only one gateway: one door/);
  });

  test("who lets people in leaves first, who all others need last", () => {
    const identities = ["policy", "data", "registry", "gateway", "orchestrator", "new"];
    expect(leavingOrder(identities.map((identity) => ({ identity })))).toEqual([
      ["gateway"],
      ["data", "new"],
      ["orchestrator"],
      ["policy"],
      ["registry"],
    ]);
  });

  test("a structured line becomes a sentence; what is none stays as it came", () => {
    const paint = createPainter({ colour: false });
    const line = JSON.stringify({
      time: "2026-01-02T03:04:05.678Z",
      level: "warn",
      message: "lease not renewed",
      workload: "data",
      cause: "no route",
    });
    expect(paint("data-1", line)).toBe(
      'data-1         | 03:04:05.678 warn lease not renewed cause="no route"',
    );
    expect(paint("data-1", "{broken")).toBe("data-1         | {broken");
  });
});

describe("a process of one unit", () => {
  const identity = mkdtempSync(join(tmpdir(), "keiko-identity-"));
  for (const file of ["ca.pem", "cert.pem", "key.pem"]) writeFileSync(join(identity, file), "");
  const sound = { KEIKO_IDENTITY: identity, KEIKO_NATS_URL: "nats://nats:4222" };

  test("has a default for everything that a container need not say", () => {
    expect(readProcessConfig(sound)).toMatchObject({
      listen: "0.0.0.0:7610",
      health: "0.0.0.0:7611",
      registry: ["registry:7610"],
      policy: ["policy:7610"],
      nats_replicas: 1,
      instance: "1",
    });
  });

  test.each([
    [{ KEIKO_IDENTITY: "" }, /KEIKO_IDENTITY is missing: a folder with ca.pem/],
    [{ KEIKO_IDENTITY: tmpdir() }, /has no ca.pem/],
    [{ KEIKO_NATS_URL: undefined }, /KEIKO_NATS_URL is missing/],
    [{ KEIKO_LISTEN: "7610" }, /KEIKO_LISTEN "7610" is no host:port/],
    [{ KEIKO_REGISTRY: "a:1,b" }, /KEIKO_REGISTRY "b" is no host:port/],
    [{ KEIKO_NATS_REPLICAS: "2" }, /none of 1, 3, 5/],
    [{ KEIKO_INSTANCE: "A b" }, /KEIKO_INSTANCE "A b"/],
    [{ KEIKO_LOG: "loud" }, /none of debug, info, warn, error/],
    [{ KEIKO_TOKEN: "secret" }, /KEIKO_TOKEN is not a setting/],
  ])("%j is refused", (changed, message) => {
    expect(() => readProcessConfig({ ...sound, ...changed })).toThrow(message);
  });
});
