// When a plan runs by itself, in one line.

import { toJson } from "@bufbuild/protobuf";
import { ValueSchema } from "@bufbuild/protobuf/wkt";
import type { Trigger } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import type { Words } from "../words/english.ts";

/** "Weekdays at 7:00 · Europe/Berlin", "30 6 1 * * · UTC", "A file is stored · file.media_type = text/csv". */
export function triggerText({ on }: Trigger, { plans }: Words): string {
  if (on.case === "schedule") {
    const { cron, timeZone } = on.value;
    const known = plans.times.find(([expression]) => expression === cron);
    return `${known?.[1] ?? cron} · ${timeZone || "UTC"}`;
  }
  if (on.case !== "event") return "";
  const fields = Object.entries(on.value.fields).map(([path, value]) => {
    const json = toJson(ValueSchema, value);
    return `${path} = ${typeof json === "string" ? json : JSON.stringify(json)}`;
  });
  return [plans.events[on.value.kind] ?? on.value.kind, ...fields].join(" · ");
}
