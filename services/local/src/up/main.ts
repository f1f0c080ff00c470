/**
 * `npx keiko up`: every unit as a process of its own on this machine, mutual TLS between all of them,
 * state in a real NATS server. Prints one link when all are ready, then stays; Ctrl-C drains.
 */
import { renameSync, writeFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "@keiko/runtime/process/config.ts";
import { openHome } from "@keiko/runtime/substrate/embedded/home.ts";
import { explain } from "../explain.ts";
import { ensureToken, publishAddress } from "../home.ts";
import { openCertificates } from "./certificates.ts";
import { readUpConfig, type UpConfig } from "./config.ts";
import { createPainter } from "./lines.ts";
import { type NatsProcess, startNats } from "./nats-process.ts";
import { freePorts } from "./ports.ts";
import { createSupervisor, type Supervisor } from "./supervisor.ts";
import { describeUnits, foundFirst, leavingOrder, processesOf, replicasOf } from "./units.ts";

const paint = createPainter({ colour: process.stderr.isTTY === true });
const line = (name: string, text: string) => console.error(paint(name, text));

/** Renewed three times in its life, so that two renewals may fail. */
const renewals = 3;

interface Places {
  identities: string;
  folder: string;
  cache: string;
  authority: string;
}

async function makePlaces(home: string): Promise<Places> {
  const places = {
    identities: join(home, "run/identities"),
    folder: join(home, "run/config"),
    cache: join(home, "run/cache"),
    authority: join(home, "authority"),
  };
  for (const path of Object.values(places)) await mkdir(path, { recursive: true, mode: 0o700 });
  return places;
}

async function up(given: UpConfig): Promise<{ link: string; stop(): Promise<void> }> {
  // Chosen once: a gateway that is started again must answer where people know it.
  const [free = 0] = given.port === 0 ? await freePorts(1) : [given.port];
  const config = { ...given, port: free };
  const home = openHome(config.home);
  const closing: (() => Promise<void> | void)[] = [() => home.release()];
  const stop = async () => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    const places = await makePlaces(config.home);
    const [{ units, declared }, token] = await Promise.all([
      describeUnits(),
      ensureToken(config.home),
    ]);
    const count = replicasOf(units, config);
    const names = [...units.map(({ identity }) => identity), "nats"];
    const certificates = await openCertificates({
      ...places,
      names,
      life_s: config.certificate_life_s,
    });
    await certificates.renew();
    const list = join(config.home, "run/processes.json");
    let supervisor: Supervisor | undefined;
    const changed = () => {
      const own = nats?.listed();
      const listen = nats?.url ?? "";
      const store = own ? [{ name: "nats", identity: "nats", ...own, listen }] : [];
      const all = [...store, ...(supervisor?.processes() ?? [])];
      writeFileSync(`${list}.new`, JSON.stringify(all, null, 2));
      renameSync(`${list}.new`, list);
    };
    let nats: NatsProcess | undefined;
    nats = await startNats(config, join(places.identities, "nats"), { line, changed });
    closing.push(() => nats.stop());
    const renewing = setInterval(
      () => {
        certificates.renew().then(
          () => nats.reload(),
          (cause) => line("keiko", `certificates were not renewed: ${cause}`),
        );
      },
      (config.certificate_life_s * 1_000) / renewals,
    );
    closing.push(() => clearInterval(renewing));
    await writeFile(join(places.folder, "declared-calls.json"), JSON.stringify(declared, null, 2));
    await writeFile(join(places.folder, "token"), `${token}\n`, { mode: 0o600 });
    const fixed = new Map<string, string[]>();
    for (const identity of foundFirst) {
      const ports = await freePorts(count(identity));
      fixed.set(
        identity,
        ports.map((port) => `127.0.0.1:${port}`),
      );
    }
    // What a process that somebody starts beside these has to be told to belong to them.
    const shared = {
      KEIKO_NATS_URL: nats.url,
      KEIKO_REGISTRY: fixed.get("registry")!.join(","),
      KEIKO_POLICY: fixed.get("policy")!.join(","),
    };
    const lines = Object.entries(shared).map(([name, value]) => `${name}=${value}\n`);
    await writeFile(join(config.home, "run/environment"), lines.join(""));
    const processes = processesOf(units, { config, nats: nats.url, fixed, ...places });
    const options = { line, note: line, changed, environment: outer() };
    supervisor = createSupervisor(options);
    closing.push(() => rm(list, { force: true }));
    for (const one of processes) supervisor.start(one);
    closing.push(() => supervisor.stop(leavingOrder(processes)));
    await supervisor.ready();
    const link = supervisor.link();
    closing.push(await publishAddress(config.home, Number(new URL(link).port)));
    return { link, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What processes inherit: everything but our own settings, which each gets for itself. */
function outer(): Record<string, string | undefined> {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("KEIKO_"));
  // Compiled code kept between starts: a process that was killed is back twice as fast.
  const cache = join(import.meta.dirname, "../../../../node_modules/.cache/keiko");
  return { NODE_COMPILE_CACHE: cache, ...Object.fromEntries(kept) };
}

try {
  const { link, stop } = await up(readUpConfig(process.argv.slice(2), process.env));
  console.log(`Keiko is ready: ${link}`);
  let stopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      line("keiko", "stopping");
      stop().then(
        () => process.exit(0),
        (cause) => {
          line("keiko", `not stopped in order: ${cause}`);
          process.exit(1);
        },
      );
    });
  }
} catch (error) {
  console.error(explain(error));
  process.exit(error instanceof ConfigError ? 64 : 1);
}
