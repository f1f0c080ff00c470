/**
 * A cluster of NATS servers that can be parted wherever there is a nats-server: every route between two of
 * them runs through a gate of its own, which holds back what is sent, as a broken network does: nothing is
 * closed, nothing is refused, and when the gate opens what was sent before arrives. Clients reach the servers
 * directly.
 */
import { createServer, type Server, type Socket, connect as tcp } from "node:net";
import { freePorts } from "@keiko/local/up/ports.ts";
import { startNats } from "./nats.ts";
import type { PartedServers } from "./partition.ts";

/** One direction in which a route can be opened; bytes pass both ways. */
interface Gate {
  between: readonly [number, number];
  shut(shut: boolean): void;
  close(): void;
}

export async function startBehindGates(): Promise<PartedServers> {
  const nodes = [0, 1, 2];
  const gates: Gate[] = [];
  const routes: string[][] = [];
  const inside: number[] = [];
  for (const from of nodes) {
    routes[from] = [];
    for (const to of nodes.filter((node) => node !== from)) {
      const { gate, port } = await openGate([from, to], () => inside[to]!);
      gates.push(gate);
      routes[from].push(`nats://127.0.0.1:${port}`);
    }
  }
  // Asked for last: what the gates listen on must not be taken for free.
  inside.push(...(await freePorts(nodes.length)));
  const ports = await freePorts(nodes.length);
  const places = nodes.map((node) => ({
    port: ports[node]!,
    cluster_port: inside[node]!,
    routes: routes[node]!,
  }));
  const servers = await startNats(3, undefined, places);
  const part = (...groups: readonly (readonly number[])[]) => {
    for (const { between, shut } of gates)
      shut(!groups.some((group) => between.every((node) => group.includes(node))));
  };
  return {
    ...servers,
    form: "gates",
    part,
    heal: () => part(nodes),
    async stop() {
      for (const gate of gates) gate.close();
      await servers.stop();
    },
  };
}

async function openGate(
  between: readonly [number, number],
  target: () => number,
): Promise<{ gate: Gate; port: number }> {
  const sockets = new Set<Socket>();
  let shut = false;
  const take = (from: Socket) => {
    const to = tcp({ host: "127.0.0.1", port: target() });
    for (const [one, other] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(one);
      one.setNoDelay(true);
      // Written by hand, since a pipe resumes what a gate has paused.
      one.on("data", (chunk: Buffer) => void other.write(chunk));
      one.on("error", () => {});
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
      if (shut) one.pause();
    }
  };
  const server: Server = createServer(take);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the gate has no port");
  const gate: Gate = {
    between,
    shut(now) {
      shut = now;
      for (const socket of sockets) {
        if (shut) socket.pause();
        else socket.resume();
      }
    },
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
  return { gate, port: address.port };
}
