/** `node bench/data-large.ts FILE`: answers about one large file and prints what that took, as JSON. */
import { statSync } from "node:fs";
import { createEngine } from "@keiko/agent-data/engine.ts";
import { dataLimits } from "@keiko/agent-data/limits.ts";

const [path = ""] = process.argv.slice(2);
const { size } = statSync(path);
const engine = createEngine({ ...dataLimits, file_bytes_max: size });
const file = { path, key: path, filename: "amounts.csv", size_bytes: size };
const write = () => Promise.reject(new Error("no answer of the bench is long"));
const ask = async (question: string) => {
  const start = performance.now();
  await engine.answer({ file, question, language: "", write });
  return performance.now() - start;
};
const open_ms = await ask("mean amount per region");
const ask_ms = await ask("total amount per region");
await engine.close();
// Kilobytes, as the kernel counted them over the whole life of the process.
const peak_mib = Math.round(process.resourceUsage().maxRSS / 1024);
console.log(
  JSON.stringify({ peak_mib, open_s: +(open_ms / 1000).toFixed(1), ask_ms: Math.round(ask_ms) }),
);
