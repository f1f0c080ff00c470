/**
 * Three NATS servers, each in a network namespace of its own. Between each two of them lies a bridge, in a
 * fourth: while it is down nothing passes, and neither end is told, so connections stay open and what is sent
 * is sent again until somebody gives up. To every server leads a link of its own from outside, for clients.
 *
 * Nothing stays behind, however this process ends: a namespace, with all links that end in it, lasts as long
 * as the processes in it, and these end with this one.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { startNats } from "./nats.ts";
import type { PartedServers } from "./partition.ts";

const nodes = [0, 1, 2] as const;
const pairs = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const;
const ports = { port: 4222, cluster_port: 6222 };

/** Servers that one process starts one after the other have links of different names. */
let started = 0;

export function mayMakeNamespaces(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const tools =
    "ip link add keiko0 type bridge && command -v nsenter && setpriv --pdeathsig KILL true";
  return spawnSync("unshare", ["--net", "sh", "-c", tools], { stdio: "ignore" }).status === 0;
}

export async function startInNamespaces(): Promise<PartedServers> {
  const between = await openNetwork();
  const inside = await Promise.all(nodes.map(openNetwork));
  const outside = clientLinks();
  configure(
    [],
    [
      ...pairs.flatMap((pair) =>
        pair.map((node) => {
          const end = `netns ${between.pid} name ${port(node, pair)}`;
          return `link add name ${towards(node, pair)} netns ${inside[node]!.pid} type veth peer ${end}`;
        }),
      ),
      ...outside.flatMap(({ link, here }, node) => [
        `link add name ${link} type veth peer netns ${inside[node]!.pid} name clients`,
        `addr add ${here}/31 dev ${link}`,
        `link set ${link} up`,
      ]),
    ],
  );
  configure(between.enter, pairs.flatMap(bridged));
  for (const node of nodes) {
    const own = pairs.filter((pair) => pair.some((one) => one === node));
    configure(inside[node]!.enter, [
      "link set lo up",
      `addr add ${outside[node]!.there}/31 dev clients`,
      "link set clients up",
      ...own.flatMap((pair) => [
        `addr add ${addressOf(node, pair)}/24 dev ${towards(node, pair)}`,
        `link set ${towards(node, pair)} up`,
      ]),
    ]);
  }
  const places = nodes.map((node) => ({
    ...ports,
    routes: pairs
      .filter((pair) => pair.some((one) => one === node))
      .map((pair) => `nats://${addressOf(otherOf(node, pair), pair)}:${ports.cluster_port}`),
    network: { address: outside[node]!.there, enter: inside[node]!.enter },
  }));
  const servers = await startNats(3, undefined, places);
  const part = (...groups: readonly (readonly number[])[]) => {
    const hears = (pair: readonly number[]) =>
      groups.some((group) => pair.every((node) => group.includes(node)));
    const state = (pair: readonly number[]) => (hears(pair) ? "up" : "down");
    configure(
      between.enter,
      pairs.map((pair) => `link set ${bridge(pair)} ${state(pair)}`),
    );
  };
  return {
    ...servers,
    form: "namespaces",
    part,
    heal: () => part(nodes),
    async stop() {
      await servers.stop();
      configure(
        [],
        outside.map(({ link }) => `link del ${link}`),
      );
      await Promise.all([between, ...inside].map((network) => network.close()));
    },
  };
}

interface Network {
  /** Of the process that it lasts as long as. */
  pid: number;
  /** What a program is run with to be in it; it ends when this process does. */
  enter: readonly string[];
  close(): Promise<void>;
}

async function openNetwork(): Promise<Network> {
  // What was lost is sent again within a second, or a network that is there again would stay silent for as
  // long as it was away. Older kernels have no such setting.
  const soon = "echo 1000 > /proc/sys/net/ipv4/tcp_rto_max_ms";
  // It ends with what it reads from.
  const script = `(${soon}) 2>/dev/null; echo ready; exec cat`;
  const child: ChildProcess = spawn("unshare", ["--net", "sh", "-c", script], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const gone = once(child, "exit");
  await Promise.race([
    once(child.stdout!, "data"),
    gone.then(([code]) => Promise.reject(new Error(`no network namespace: status ${code}`))),
  ]);
  const pid = child.pid!;
  return {
    pid,
    enter: ["nsenter", `--net=/proc/${pid}/ns/net`, "setpriv", "--pdeathsig", "KILL"],
    async close() {
      child.stdin!.end();
      await gone;
    },
  };
}

function configure(enter: readonly string[], lines: readonly string[]): void {
  const [program = "ip", ...options] = [...enter, "ip", "-batch", "-"];
  const { status, stderr } = spawnSync(program, options, { input: lines.join("\n") });
  if (status !== 0) throw new Error(`the network was not set up: ${stderr}`);
}

type Pair = readonly [number, number];

const bridge = ([one, other]: readonly number[]) => `bridge${one}${other}`;
const otherOf = (node: number, [one, other]: Pair) => (node === one ? other : one);
/** The end of a link that a server has, and the end that its bridge has. */
const towards = (node: number, pair: Pair) => `to${otherOf(node, pair)}`;
const port = (node: number, pair: Pair) => `from${node}to${otherOf(node, pair)}`;
const addressOf = (node: number, [one, other]: Pair) => `10.0.${one + other}.${node + 1}`;

function bridged(pair: Pair): string[] {
  return [
    `link add ${bridge(pair)} type bridge`,
    ...pair.map((node) => `link set ${port(node, pair)} master ${bridge(pair)} up`),
    `link set ${bridge(pair)} up`,
  ];
}

/** Of the addresses that are set aside for measuring networks, two for each server of this process. */
function clientLinks(): { link: string; here: string; there: string }[] {
  return nodes.map(() => {
    const number = (process.pid * 64 + (started++ % 64)) % 65_536;
    const first = `198.${18 + (number >> 15)}.${(number >> 7) & 255}`;
    const last = (number & 127) * 2;
    return { link: `keiko${number}`, here: `${first}.${last}`, there: `${first}.${last + 1}` };
  });
}
