/**
 * Three trivial steps in Keiko and in others that promise not to lose their place, in one run, each
 * measured by its own scripts with the store that it is run with. Keiko is measured before, between
 * and after them, so that what the machine does meanwhile falls on all.
 */
import { loadavg } from "node:os";
import {
  type Measured,
  type Peer,
  peers,
  peersFolder,
  preparePeer,
  runPeer,
} from "./peers/foreign.ts";
import { inOneProcess, nothingMeasured, type OwnMeasured, overTheMesh } from "./peers/own.ts";
import { digits, median, printRows, type Row } from "./row.ts";

const rounds = 3;
/** Of a workflow with three steps, one after the other: fewer, and a step can be lost that was acknowledged. */
const syncs_least = 3;
/** After which turn of Keiko which peers run. */
const turns = [["temporal", "restate"], ["dbos", "mastra", "langgraph"], []];

interface Entry {
  name: string;
  measured: Measured;
}

export async function run(): Promise<Row[]> {
  const found = peersFolder();
  if ("missing" in found) throw new Error(found.missing);
  const absent: Row[] = [];
  const cannot = (name: string, error: unknown) => {
    absent.push({ name: `peers: ${name} cannot run here`, value: "", note: String(error) });
  };
  const ready: Peer[] = [];
  for (const peer of peers) {
    const prepared = preparePeer(found.folder, peer).then(() => ready.push(peer));
    await prepared.catch((error) => cannot(peer.name, error));
  }
  const inside = nothingMeasured();
  const mesh = nothingMeasured();
  const others: Entry[] = [];
  for (const turn of turns) {
    await inOneProcess(inside);
    await overTheMesh(mesh).catch((error) => cannot("Keiko over the mesh", error));
    for (const peer of ready.filter(({ name }) => turn.includes(name))) {
      console.log(`peers: ${peer.name}, load ${loadavg()[0]!.toFixed(1)}`);
      try {
        const said = await runPeer(found.folder, peer, rounds);
        for (const [variant, measured] of said) {
          others.push({ name: `${peer.name}, ${variant}`, measured });
        }
      } catch (error) {
        cannot(peer.name, error);
      }
    }
  }
  const entries = [
    { name: "Keiko in one process", measured: inside },
    ...(mesh.per_second.length > 0 ? [{ name: "Keiko over the mesh", measured: mesh }] : []),
    ...others,
  ];
  return [...entries.map(entryRow), ...absent, ...goalRows(inside, mesh, others)];
}

function entryRow({ name, measured }: Entry): Row {
  const { p50_ms, p99_ms, per_second, echoes, syncs } = measured;
  const cell = (samples: readonly number[]) => digits(median(samples)).padStart(6);
  const counted = syncs === undefined ? "not counted" : `${digits(syncs)} syncs each`;
  const lossy = syncs !== undefined && syncs < syncs_least;
  const store = "with_store" in measured ? (measured as OwnMeasured).with_store : echoes;
  const note = [
    counted,
    ...(lossy ? ["so not every step is on disk when it is acknowledged"] : []),
    ...(median(store) > median(echoes)
      ? [`with the store's process ${digits(median(store))} E`]
      : []),
  ];
  return {
    name: `peers: ${name}`,
    value: `p50 ${cell(p50_ms)} ms, p99 ${cell(p99_ms)} ms, ${cell(per_second)} steps/s, ${cell(echoes)} E`,
    note: note.join("; "),
  };
}

function goalRows(inside: OwnMeasured, mesh: OwnMeasured, others: readonly Entry[]): Row[] {
  const durable = others.filter(({ measured: { syncs } }) => (syncs ?? syncs_least) >= syncs_least);
  const fastest = (of: readonly Entry[]) =>
    of.toSorted((a, b) => median(b.measured.per_second) - median(a.measured.per_second))[0];
  const best = fastest(durable);
  const any = fastest(others);
  const calls = others.find(({ name }) => name === "restate, 3 service calls");
  return [
    most("in one process, p50", median(inside.p50_ms), 2.5, "ms"),
    most("in one process, p99", median(inside.p99_ms), 20, "ms"),
    most("in one process, processor time of a step", median(inside.echoes), 1, "E"),
    ...(best ? [times("in one process", inside, best, 2, anyNote(inside, best, any))] : []),
    ...(mesh.per_second.length === 0
      ? []
      : [
          most("over the mesh, p50", median(mesh.p50_ms), 8, "ms"),
          most("over the mesh, processor time of a step", median(mesh.echoes), 2.5, "E"),
          ...(calls ? [times("over the mesh", mesh, calls, 3, "")] : []),
        ]),
  ];
}

function anyNote(inside: OwnMeasured, best: Entry, any: Entry | undefined): string {
  if (!any || any === best) return "the fastest of all that ran";
  const ratio = median(inside.per_second) / median(any.measured.per_second);
  return `the fastest that syncs every step; ${digits(ratio)} times ${any.name}, which does not`;
}

function most(name: string, value: number, goal: number, unit: string): Row {
  return {
    name: `peers: Keiko ${name}`,
    value: `${digits(value)} ${unit}`,
    goal: `≤ ${goal} ${unit}`,
    met: value <= goal,
  };
}

function times(name: string, own: OwnMeasured, other: Entry, goal: number, note: string): Row {
  const ratio = median(own.per_second) / median(other.measured.per_second);
  return {
    name: `peers: Keiko ${name}, steps/s to ${other.name}`,
    value: `${digits(ratio)} times`,
    goal: `≥ ${goal} times`,
    met: ratio >= goal,
    note,
  };
}

if (import.meta.main) printRows(await run());
