/** Each attack on a server, at the same time as a good client calls it. */
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { gzipSync } from "node:zlib";
import { limits } from "@keiko/runtime/limits.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { load, openStage, pause, type Stage, until } from "./stage.ts";

let stage: Stage;
let address: string;
let port: number;
let good: ReturnType<typeof load>;
const slowest = { ms: 0 };

beforeAll(async () => {
  stage = await openStage();
  const replica = await stage.replica();
  address = replica.endpoint.address;
  port = Number(address.split(":")[1]);
  const { client, see } = await stage.caller("good");
  see(replica);
  good = load(async () => {
    const began = performance.now();
    await client.increment({ value: 1n });
    slowest.ms = Math.max(slowest.ms, performance.now() - began);
  }, 100);
});

afterAll(async () => {
  const { calls, failures } = await good.stop();
  console.log(
    `the good client: ${failures.length} of ${calls} failed, slowest ${slowest.ms | 0} ms`,
  );
  expect(failures).toEqual([]);
  await stage[Symbol.asyncDispose]();
});

/** Milliseconds until all are closed by the other end, some of which may have been already. */
async function closed(all: (Socket | ClientHttp2Session)[]): Promise<number> {
  const began = performance.now();
  const each = (one: Socket | ClientHttp2Session) => {
    one.on("error", () => {});
    if ("resume" in one) one.resume();
    return new Promise<void>((resolve) => {
      if (one.destroyed) resolve();
      else one.on("close", resolve);
    });
  };
  await Promise.all(all.map(each));
  return performance.now() - began;
}

async function proven(): Promise<ReturnType<typeof connectTls>> {
  const { contextOptions } = await stage.identity("attacker");
  const options = { port, host: "127.0.0.1", ALPNProtocols: ["h2"], ...contextOptions };
  const socket = connectTls({ ...options, checkServerIdentity: () => undefined });
  // Whoever is turned away, which may come before the greeting is over, hears of it as a reset.
  socket.on("error", () => {});
  await new Promise<void>((ready) => {
    socket.once("secureConnect", () => ready()).once("close", () => ready());
  });
  return socket;
}

async function session(): Promise<ClientHttp2Session> {
  const socket = await proven();
  const opened = connectHttp2(`https://${address}`, { createConnection: () => socket });
  opened.on("error", () => {});
  await new Promise<void>((ready) => {
    opened.once("remoteSettings", () => ready()).once("close", () => ready());
  });
  return opened;
}

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");
const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
const path = "/keiko.probe.v1.ProbeService/Increment";
const post = { ":method": "POST", ":path": path, "content-type": "application/grpc" };

/** How a call ends that was begun with these bytes, and whatever else the headers say. */
function ended(from: ClientHttp2Session, body: Buffer, headers = {}): Promise<string> {
  const stream = from.request({ ...post, ...headers });
  stream.write(body);
  return new Promise((resolve) => {
    const told = (head: Record<string, unknown>) => {
      if ("grpc-status" in head) resolve(`${head["grpc-status"]} ${head["grpc-message"]}`);
    };
    stream.on("response", told).on("trailers", told);
    stream.on("close", () => resolve("closed"));
    stream.on("error", () => {});
    stream.resume();
  });
}

test.concurrent("connections that say nothing, or half of a greeting, are closed", async () => {
  const silent = Array.from({ length: 200 }, () => connectTcp(port, "127.0.0.1"));
  const half = await Promise.all(Array.from({ length: 10 }, proven));
  for (const socket of half) socket.write(preface.subarray(0, 10));
  const mute = await Promise.all(Array.from({ length: 10 }, proven));
  const ms = await closed([...silent, ...half, ...mute]);
  console.log(`220 silent connections were closed within ${ms | 0} ms`);
  expect(ms).toBeLessThan(10_000);
}, 40_000);

test.concurrent("headers that never end, and requests that never come whole, end the connection", async () => {
  const loris = await Promise.all(Array.from({ length: 10 }, proven));
  const timers = loris.map((socket) => {
    socket.write(Buffer.concat([preface, settings]));
    // A header block of 200 bytes is announced, and comes one byte a second.
    socket.write(Buffer.from([0, 0, 200, 1, 0, 0, 0, 0, 1]));
    return setInterval(() => socket.write(Buffer.from([0])), 1_000);
  });
  const slow = await Promise.all(Array.from({ length: 10 }, session));
  const bodies = slow.map((each) => {
    const stream = each.request(post);
    stream.on("error", () => {});
    stream.resume();
    return setInterval(() => stream.write(Buffer.from([0])), 1_000);
  });
  const ms = await closed([...loris, ...slow]);
  for (const timer of [...timers, ...bodies]) clearInterval(timer);
  console.log(`slow loris: 20 connections were closed within ${ms | 0} ms`);
  expect(ms).toBeLessThan(10_000);
}, 40_000);

test.concurrent("500 connections that nobody calls by do not stay", async () => {
  const idle: ClientHttp2Session[] = [];
  for (let n = 0; n < 10; n++) {
    idle.push(...(await Promise.all(Array.from({ length: 50 }, session))));
  }
  const open = () => idle.filter((each) => !each.destroyed && !each.closed).length;
  const few = () => open() <= limits.connections_unused_max;
  const ms = await until("only a few are left", few, 20_000);
  console.log(`500 idle connections: ${open()} were left after ${ms | 0} ms`);
  expect(ms).toBeLessThan(10_000);
  for (const each of idle) each.destroy();
}, 40_000);

test("who opens streams and cancels them at once is disconnected", async () => {
  const attacker = await proven();
  let gone = false;
  attacker.on("close", () => {
    gone = true;
  });
  attacker.on("error", () => {});
  attacker.resume();
  attacker.write(Buffer.concat([preface, settings]));
  const began = performance.now();
  let opened = 0;
  while (!gone && performance.now() - began < 9_000) {
    const frames: Buffer[] = [];
    for (let n = 0; n < 100; n++) {
      const id = 2 * opened++ + 1;
      // A whole request, and the word that nobody wants its answer.
      frames.push(frame(1, 4, id, requestHeaders), frame(0, 1, id, Buffer.alloc(5)));
      frames.push(frame(3, 0, id, Buffer.from([0, 0, 0, 8])));
    }
    attacker.write(Buffer.concat(frames));
    await pause(1);
  }
  const ms = performance.now() - began;
  console.log(`rapid reset: disconnected after ${opened} streams, ${ms | 0} ms`);
  expect(gone).toBe(true);
  expect(ms).toBeLessThan(10_000);
}, 40_000);

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.from([0, payload.byteLength >> 8, payload.byteLength & 255, type, flags]);
  const id = Buffer.alloc(4);
  id.writeUInt32BE(stream);
  return Buffer.concat([head, id, payload]);
}

/** POST over https to the probe, as HPACK writes it without a memory. */
const requestHeaders = Buffer.concat([
  Buffer.from([0x83, 0x87, 0x04, path.length]),
  Buffer.from(path),
  Buffer.from([0x0f, 0x10, "application/grpc".length]),
  Buffer.from("application/grpc"),
]);

test("a message that claims to have a gigabyte is refused before it comes", async () => {
  const attacker = await session();
  const before = process.memoryUsage().rss;
  const claim = Buffer.from([0, 0x40, 0, 0, 0]);
  const answers = Array.from({ length: 20 }, () => ended(attacker, claim));
  for (const answer of await Promise.all(answers)) {
    expect(answer).toMatch(/^8 .*1073741824%20bytes/);
  }
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20);
  attacker.destroy();
});

test("what is compressed is refused, so nothing can swell", async () => {
  const attacker = await session();
  const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20));
  const head = Buffer.from([1, 0, 0, 0, 0]);
  head.writeUInt32BE(bomb.byteLength, 1);
  const before = process.memoryUsage().rss;
  const answer = await ended(attacker, Buffer.concat([head, bomb]), { "grpc-encoding": "gzip" });
  expect(answer).toMatch(/^8 .*compressed/);
  expect(process.memoryUsage().rss - before).toBeLessThan(32 * 2 ** 20);
  // The connection goes on: the next call by it is answered.
  const stream = attacker.request(post);
  stream.end(Buffer.from([0, 0, 0, 0, 0]));
  const status = await new Promise((resolve) => {
    stream.on("trailers", (trailers) => resolve(trailers["grpc-status"]));
    stream.resume();
  });
  expect(status).toBe("0");
  attacker.destroy();
});

test("headers without end, and more streams at a time than are allowed, are refused", async () => {
  const many = await session();
  const large = Object.fromEntries(
    Array.from({ length: 100 }, (_, n) => [`x-header-${n}`, "v".repeat(500)]),
  );
  expect(await ended(many, Buffer.alloc(5), large)).toBe("closed");
  expect(many.remoteSettings.maxConcurrentStreams).toBe(limits.streams_per_connection_max);
  many.destroy();
});
