/** What somebody does who has a certificate, or only an address, and means no good. */
import { once } from "node:events";
import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls, type SecureContextOptions, type TLSSocket } from "node:tls";
import { gzipSync } from "node:zlib";

const preface = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "latin1");
const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
const path = "/keiko.probe.v1.ProbeService/Increment";
export const post = { ":method": "POST", ":path": path, "content-type": "application/grpc" };

/** POST over https to the probe, as HPACK writes it without a memory. */
const requestHeaders = Buffer.concat([
  Buffer.from([0x83, 0x87, 0x04, path.length]),
  Buffer.from(path),
  Buffer.from([0x0f, 0x10, "application/grpc".length]),
  Buffer.from("application/grpc"),
]);

const pause = (ms: number) => new Promise((next) => setTimeout(next, ms));
const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

export type Held = (Socket | ClientHttp2Session)[];

/** Attacks give back what they hold open. `identity`: the attacker's own certificate. */
export function createAttacker(address: string, identity: SecureContextOptions) {
  const port = Number(address.split(":")[1]);

  async function proven(): Promise<TLSSocket> {
    const options = { port, host: "127.0.0.1", ALPNProtocols: ["h2"], ...identity };
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

  return {
    session,
    /** Connections that say nothing, or half of a greeting. */
    async silent(): Promise<Held> {
      const bare = times(200, () => connectTcp(port, "127.0.0.1"));
      const half = await Promise.all(times(10, proven));
      for (const socket of half) socket.write(preface.subarray(0, 10));
      return [...bare, ...half, ...(await Promise.all(times(10, proven)))];
    },
    /** Headers that never end, and requests that never come whole: a byte a second. */
    async slow(): Promise<Held> {
      const drip = (held: Socket | ClientHttp2Session, one: () => void) => {
        const timer = setInterval(one, 1_000);
        held.once("close", () => clearInterval(timer));
      };
      const loris = await Promise.all(times(10, proven));
      for (const socket of loris) {
        socket.write(Buffer.concat([preface, settings]));
        // A header block of 200 bytes is announced.
        socket.write(Buffer.from([0, 0, 200, 1, 0, 0, 0, 0, 1]));
        drip(socket, () => socket.write(Buffer.from([0])));
      }
      const bodies = await Promise.all(times(10, session));
      for (const each of bodies) {
        const stream = each.request(post);
        stream.on("error", () => {});
        stream.resume();
        drip(each, () => stream.write(Buffer.from([0])));
      }
      return [...loris, ...bodies];
    },
    /** Whole connections, all at once, that nobody calls by. */
    idle: (count: number): Promise<ClientHttp2Session[]> => Promise.all(times(count, session)),
    /** Opens streams and cancels them at once until it is disconnected, or the time is over. */
    async resets(time_ms: number): Promise<{ gone: boolean; opened: number }> {
      const socket = await proven();
      socket.resume();
      socket.write(Buffer.concat([preface, settings]));
      const end = performance.now() + time_ms;
      let opened = 0;
      while (!socket.destroyed && performance.now() < end) {
        const frames: Buffer[] = [];
        for (let n = 0; n < 100; n++) {
          const id = 2 * opened++ + 1;
          // A whole request, and the word that nobody wants its answer.
          frames.push(frame(1, 4, id, requestHeaders), frame(0, 1, id, Buffer.alloc(5)));
          frames.push(frame(3, 0, id, Buffer.from([0, 0, 0, 8])));
        }
        socket.write(Buffer.concat(frames));
        await pause(1);
      }
      const gone = socket.destroyed;
      socket.destroy();
      return { gone, opened };
    },
    /** Messages that claim to have a gigabyte: what is answered to each. */
    claims(from: ClientHttp2Session): Promise<string[]> {
      return Promise.all(times(20, () => ended(from, Buffer.from([0, 0x40, 0, 0, 0]))));
    },
    bomb(from: ClientHttp2Session): Promise<string> {
      const head = Buffer.from([1, 0, 0, 0, 0]);
      head.writeUInt32BE(bomb.byteLength, 1);
      return ended(from, Buffer.concat([head, bomb]), { "grpc-encoding": "gzip" });
    },
    endlessHeaders(from: ClientHttp2Session): Promise<string> {
      const large = times(100, () => "v".repeat(500)).map((value, n) => [`x-header-${n}`, value]);
      return ended(from, Buffer.alloc(5), Object.fromEntries(large));
    },
  };
}

export type Attacker = ReturnType<typeof createAttacker>;

/** What is small on its way and large behind it. */
const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20));

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

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.from([0, payload.byteLength >> 8, payload.byteLength & 255, type, flags]);
  const id = Buffer.alloc(4);
  id.writeUInt32BE(stream);
  return Buffer.concat([head, id, payload]);
}

/** Waits until all are closed by the other end, some of which may have been already. */
export async function closed(held: Held): Promise<void> {
  const each = async (one: Socket | ClientHttp2Session) => {
    one.on("error", () => {});
    if ("resume" in one) one.resume();
    if (!one.destroyed) await once(one, "close");
  };
  await Promise.all(held.map(each));
}
