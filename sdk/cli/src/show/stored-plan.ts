// Stored plans as text: a line each in a list, or one in full with parameters and triggers.

import { toJson } from "@bufbuild/protobuf";
import { timestampDate, ValueSchema } from "@bufbuild/protobuf/wkt";
import type { StoredPlan, Trigger } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";

import { type CommandWords, commandWordsOf } from "../command-words.ts";
import type { Console } from "../terminal.ts";
import { wordsOf } from "../words.ts";
import { planLines } from "./plan.ts";
import { columnsOf, cut, paint as makePaint, oneLine, pad } from "./text.ts";

type Place = Pick<Console, "width" | "colour" | "language">;

export function storedLines(plans: readonly StoredPlan[], place: Place): string[] {
  const names = Math.max(0, ...plans.map(({ name }) => columnsOf(name)));
  const words = commandWordsOf(place.language);
  return plans.map(({ name, version, plan, triggers }) => {
    const next = triggers.map((one) => triggerText(one, words, place)).join("; ");
    const goal = [oneLine(plan?.goal ?? ""), next].filter(Boolean).join("  · ");
    const head = `${pad(name, names, false)}  ${words.version} ${version}  `;
    return head + cut(goal, Math.max(12, place.width - columnsOf(head)));
  });
}

export function planLinesOf(stored: StoredPlan, place: Place): string[] {
  const words = commandWordsOf(place.language);
  const paint = makePaint(place.colour);
  const { plan } = stored;
  const parameters = (plan?.parameters ?? []).map(({ name, type, title, default: usual }) => {
    const given = usual ? `= ${JSON.stringify(toJson(ValueSchema, usual))}` : words.needed;
    return `  ${name}: ${words.types[type] ?? ""} ${oneLine(given)}${title ? `  ${oneLine(title)}` : ""}`;
  });
  const triggers = stored.triggers.map((one) => `  ${triggerText(one, words, place)}`);
  return [
    `${paint.bold(stored.name)}  ${words.version} ${stored.version}`,
    ...(plan?.goal ? [oneLine(plan.goal)] : []),
    ...(parameters.length > 0 ? ["", words.parameters, ...parameters] : []),
    "",
    ...(triggers.length > 0 ? [words.triggers, ...triggers] : [words.noTriggers]),
    "",
    ...(plan ? planLines(plan, place.width, paint) : []),
  ];
}

/** `30 6 * * 1-5 Europe/Berlin (next 28.11.26, 06:30)`, `artifact_stored file.media_type="text/csv"`. */
export function triggerText(trigger: Trigger, words: CommandWords, place: Place): string {
  const { on, nextTime, paused } = trigger;
  const rest = paused ? ` (${words.resting})` : "";
  if (on.case === "event") {
    const fields = Object.entries(on.value.fields).map(
      ([path, value]) => ` ${path}=${JSON.stringify(toJson(ValueSchema, value))}`,
    );
    return oneLine(`${on.value.kind}${fields.join("")}${rest}`);
  }
  if (on.case !== "schedule") return trigger.id;
  const when = nextTime
    ? new Intl.DateTimeFormat(wordsOf(place.language).tag, {
        dateStyle: "short",
        timeStyle: "short",
      }).format(timestampDate(nextTime))
    : "";
  const next = when && !paused ? ` (${words.next} ${when})` : rest;
  return oneLine(`${on.value.cron} ${on.value.timeZone || "UTC"}${next}`);
}
