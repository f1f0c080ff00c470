// Shows a task while it runs. On a terminal the steps are redrawn in place, in one write a frame, so
// that nothing flickers; elsewhere every change of a step is one line.

import { timestampMs } from "@bufbuild/protobuf/wkt";
import { State, type StepRun, type Task } from "@keiko/gen/keiko/task/v1/task_pb.js";

import { type CommandWords, commandWordsOf } from "../command-words.ts";
import type { Console } from "../terminal.ts";
import { askedLines, standingOf, type WaitingRun, waitingRuns } from "../waiting.ts";
import { type Words, wordsOf } from "../words.ts";
import { cut, duration, paint as makePaint, oneLine } from "./text.ts";

export interface Progress {
  update(task: Task): void;
  /** A line that stays, for example that the task is being cancelled. */
  say(text: string): void;
  /** The last state stays on the screen. */
  end(): void;
}

const FRAME_MS = 120;
/** Of a loop so many elements say what they ask. */
const ASKED_MAX = 3;
const MOVING = ["◐", "◓", "◑", "◒"];

const GLYPH: Readonly<Record<State, string>> = {
  [State.UNSPECIFIED]: "·",
  [State.QUEUED]: "○",
  [State.RUNNING]: "◐",
  [State.WAITING]: "◇",
  [State.SUCCEEDED]: "✓",
  [State.FAILED]: "✗",
  [State.CANCELLED]: "⊘",
  [State.COMPENSATED]: "↩",
  [State.SKIPPED]: "–",
  [State.PAUSED]: "‖",
  [State.STOPPING]: "◌",
};

export function showProgress(console: Console, now: () => number = Date.now): Progress {
  return console.live ? liveProgress(console, now) : plainProgress(console);
}

function plainProgress(console: Console): Progress {
  const told = new Map<string, State>();
  const asked = new Set<string>();
  return {
    update(task) {
      const words = wordsOf(task.plan?.language);
      for (const step of task.steps) {
        const state = standingOf(step);
        if (told.get(step.id) === state || state === State.QUEUED) continue;
        told.set(step.id, state);
        const took = step.endTime ? ` (${tookText(step, 0, words)})` : "";
        console.err(`${titleOf(task, step)}: ${words.state[state]}${took}\n`);
      }
      for (const run of waitingRuns(task)) {
        if (asked.has(run.step)) continue;
        asked.add(run.step);
        for (const line of questionLines(task, run)) console.err(`  ${line}\n`);
      }
    },
    say: (text) => console.err(`${text}\n`),
    end() {},
  };
}

function liveProgress(console: Console, now: () => number): Progress {
  let task: Task | null = null;
  let drawn = 0;
  let frame = 0;
  let timer: NodeJS.Timeout | undefined;

  function draw(): void {
    if (!task) return;
    const shown = task;
    const waiting = waitingRuns(shown);
    const texts = shown.steps.flatMap((step) => [
      stepLine(shown, step, frame, now(), console),
      ...waiting
        .filter((run) => run.step.replace(/:\d+$/, "") === step.id)
        .slice(0, ASKED_MAX)
        .flatMap((run) => questionLines(shown, run))
        .map((line) => `  ${cut(line, Math.max(8, console.width - 3))}`),
    ]);
    // Up to the first step, every line overwritten to its end, and whatever was below cleared.
    const up = drawn > 0 ? `\u001b[${drawn}A` : "";
    console.err(`${up}${texts.map((text) => `\r${text}\u001b[K\n`).join("")}\u001b[J`);
    drawn = texts.length;
  }

  return {
    update(next) {
      task = next;
      draw();
      timer ??= setInterval(() => {
        frame += 1;
        draw();
      }, FRAME_MS);
    },
    say(text) {
      console.err(`${drawn > 0 ? `\u001b[${drawn}A\u001b[J` : ""}${text}\n`);
      drawn = 0;
      draw();
    },
    end() {
      clearInterval(timer);
      draw();
      if (drawn > 0) console.err("\n");
      drawn = 0;
      task = null;
    },
  };
}

function stepLine(task: Task, step: StepRun, frame: number, now: number, console: Console): string {
  const words = wordsOf(task.plan?.language);
  const paint = makePaint(console.colour);
  const at = standingOf(step);
  const running = at === State.RUNNING;
  const glyph = running ? (MOVING[frame % MOVING.length] ?? GLYPH[at]) : GLYPH[at];
  const end = step.startTime ? `  ${tookText(step, now, words)}` : "";
  const state = standing(step, words, commandWordsOf(task.plan?.language));
  const title = cut(
    titleOf(task, step),
    Math.max(8, console.width - state.length - end.length - 6),
  );
  const tone =
    step.state === State.SUCCEEDED ? paint.good : step.state === State.FAILED ? paint.bad : String;
  return `${tone(glyph)} ${title}  ${tone(state)}${paint.soft(end)}`;
}

/** The state, with how far a loop is, and whether the step is being taken back. */
function standing(step: StepRun, words: Words, more: CommandWords): string {
  const { itemCount, itemsDone, undoState } = step;
  const state = standingOf(step);
  const loop = itemCount > 0 ? ` ${itemsDone}/${itemCount}` : "";
  if (undoState === State.UNSPECIFIED) return `${words.state[state]}${loop}`;
  const undone = undoState === State.SUCCEEDED || undoState === State.COMPENSATED;
  const undo = undoState === State.FAILED ? words.state[undoState] : more.takingBack;
  return `${words.state[state]}${loop}, ${undone ? more.tookBack : undo}`;
}

function questionLines(task: Task, run: WaitingRun): string[] {
  const language = task.plan?.language;
  return askedLines(run.asked, commandWordsOf(language), wordsOf(language).tag);
}

function titleOf({ plan }: Task, step: StepRun): string {
  return oneLine(step.title || plan?.steps.find(({ id }) => id === step.id)?.title || step.id);
}

function tookText({ startTime, endTime }: StepRun, now: number, words: Words): string {
  if (!startTime) return "";
  const end = endTime ? timestampMs(endTime) : now;
  return duration(Math.max(0, end - timestampMs(startTime)), words.tag);
}
