/** `npm run bench`: runs every part of the bench, or those named, and prints one table. */
import { availableParallelism, cpus, loadavg } from "node:os";
import { digits, printRows, type Row } from "./row.ts";

type Part = () => Promise<{ run(): Promise<Row[]> }>;

const parts: Record<string, Part> = {
  hop: () => import("./hop.ts"),
  task: () => import("./task.ts"),
  orchestration: () => import("./orchestration.ts"),
  compile: () => import("./compile.ts"),
  registry: () => import("./registry.ts"),
  substrate: () => import("./substrate.ts"),
  nats: () => import("./substrate-nats.ts"),
  queue: () => import("./queue.ts"),
  events: () => import("./events.ts"),
  start: () => import("./start.ts"),
  console: () => import("./console.ts"),
  data: () => import("./data.ts"),
  visual: () => import("./visual.ts"),
  up: () => import("./up.ts"),
  overload: () => import("./overload.ts"),
};

/** Only when they are asked for: they need what Keiko itself does not. */
const others: Record<string, Part> = {
  peers: () => import("./peers.ts"),
  "hop-peers": () => import("./hop-peers.ts"),
};
const known = { ...parts, ...others };

const asked = process.argv.slice(2).flatMap((argument) => {
  const option = /^--peers(?:=(?<folder>.+))?$/.exec(argument);
  if (option?.groups?.folder) process.env.PEERS = option.groups.folder;
  return option ? ["peers", "hop-peers"] : [argument];
});
const unknown = asked.filter((name) => !(name in known));
if (unknown.length > 0) {
  console.error(
    `No such part: ${unknown.join(", ")}. There are: ${Object.keys(known).join(", ")}.`,
  );
  process.exit(1);
}

const load = () => loadavg()[0]!.toFixed(1);
const began = performance.now();
const rows: Row[] = [];
console.log(
  `Node ${process.version}, ${availableParallelism()} × ${cpus()[0]?.model}, load ${load()}`,
);
for (const name of asked.length > 0 ? asked : Object.keys(parts)) {
  const start = performance.now();
  try {
    const part = await known[name]!();
    rows.push(...(await part.run()));
  } catch (error) {
    // One part that cannot run does not hide the others, but the whole is then no success.
    rows.push({ name: `${name}: could not be measured`, value: "", note: String(error) });
    process.exitCode = 1;
  }
  console.log(`${name} took ${digits((performance.now() - start) / 1_000)} s, load ${load()}`);
}
console.log();
printRows(rows);
const missed = rows.filter(({ goal, met }) => goal && !met).length;
const goals = rows.filter(({ goal }) => goal).length;
const took = digits((performance.now() - began) / 1_000);
console.log(`\n${goals - missed} of ${goals} goals met in ${took} s.`);
process.exit();
