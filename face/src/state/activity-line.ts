// A line of the page "Activity" in words: who or what it is about, what became of that, and where it
// leads. Pure: what is known of tasks is an argument.

import type { File } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import type { State } from "@keiko/gen/keiko/task/v1/task_pb.js";
import type { TaskSummary } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import { fileHref, isTable } from "../remote/files.ts";
import { hrefOfName, idOf, tableHref, withInspection } from "../routes/router.ts";
import { stateName } from "../ui/StateMark.svelte";
import type { Words } from "../words/english.ts";
import { formatBytes, type Language } from "../words/format.ts";
import type { ActivityLine } from "./activity.ts";

export interface Said {
  /** What the sentence is about; empty: the sentence is all. */
  subject: string;
  /** Where the subject leads; empty: nowhere. */
  href: string;
  /** It leads to bytes, which are saved. */
  saves?: string;
  /** The rest of the sentence. */
  rest: string;
}

const shortLength = 8;

/** The address of one step of a task. */
export const stepHref = (task: string, step: string): string =>
  withInspection(hrefOfName(task), "", { task: idOf(task), view: "step", step });

export function sayLine(
  line: ActivityLine,
  known: TaskSummary | undefined,
  words: Words,
  language: Language,
): Said {
  const { activity } = words;
  // A task that was refused failed for a reason that only its summary tells.
  const became = (state: State) => activity.tasks[stateName(state, known?.reason)];
  switch (line.about) {
    case "workload":
      return { subject: idOf(line.name), href: "/agents", rest: activity.workloads[line.change] };
    case "task":
      return { ...about(line.task, known, words), rest: became(line.state) };
    case "steps": {
      const [{ step, state }, ...others] = line.steps;
      const rest = `${activity.step(step)} ${became(state)}`;
      const subject = about(line.task, known, words);
      return { ...subject, rest, ...(others.length === 0 && { href: stepHref(line.task, step) }) };
    }
    case "policy": {
      const subject = activity.policy(line.revision.slice(0, shortLength));
      return { subject, href: "", rest: activity.inForce };
    }
    case "missed": {
      const href = line.count === 1 ? hrefOfName(line.first) : "/tasks";
      return { subject: line.service, href, rest: activity.missed(line.count) };
    }
    case "file": {
      const size = formatBytes(Number(line.file.sizeBytes), language);
      return { ...leadTo(line.file), rest: activity.stored(size) };
    }
    case "gap":
      return { subject: "", href: "", rest: activity.gap };
  }
}

const about = (task: string, known: TaskSummary | undefined, { activity }: Words) => ({
  subject: known?.goal || activity.unknownTask(idOf(task)),
  href: hrefOfName(task),
});

function leadTo(file: File) {
  const subject = file.filename || idOf(file.name).slice(0, shortLength);
  if (isTable(file)) return { subject, href: tableHref(file) };
  return { subject, href: fileHref(file, subject), saves: subject };
}
