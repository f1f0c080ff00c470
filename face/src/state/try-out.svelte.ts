import type { File as KeptFile } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import type { Skill } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import type { Files, Sample } from "../remote/files.ts";
import type { Language } from "../words/format.ts";
import type { Connection } from "./connection.svelte.ts";
import type { Draft } from "./draft.svelte.ts";
import type { Thread } from "./thread.svelte.ts";
import type { Threads } from "./threads.svelte.ts";

const chartType = "keiko.artifact.v1.Chart";

/** What a skill is tried on: a file that is attached, or a bundled sample. */
export interface Ground {
  key: string;
  filename: string;
  file?: KeptFile;
  sample?: Sample;
}

/** A skill that changes a chart needs one first. */
export const needsChart = (skill: Skill): boolean => skill.inputTypes.includes(chartType);

export function grounds(attached: readonly KeptFile[], samples: readonly Sample[]): Ground[] {
  return [
    ...attached.map((file) => ({ key: file.name, filename: file.filename, file })),
    ...samples.map((sample) => ({ key: sample.filename, filename: sample.filename, sample })),
  ];
}

/** The sample whose own questions share most words with the text: the likeliest to answer it. */
export function likeliest(text: string, choices: readonly Ground[]): Ground | undefined {
  const wanted = wordsOf(text);
  let best = choices[0];
  let most = 0;
  for (const choice of choices) {
    const words = new Set(choice.sample?.goals.flatMap(({ text: goal }) => wordsOf(goal)) ?? []);
    const shared = choice.file
      ? Number.POSITIVE_INFINITY
      : wanted.filter((w) => words.has(w)).length;
    if (shared > most) {
      best = choice;
      most = shared;
    }
  }
  return best;
}

const wordsOf = (text: string): string[] => text.toLocaleLowerCase().match(/\p{L}{4,}/gu) ?? [];

/** Runs texts as tasks, on files that need not be attached first. */
export class TryOut {
  #samples = $state.raw<Sample[]>([]);
  #busy = $state(false);
  #files: Files;
  #threads: Threads;
  #draft: Draft;
  #connection: Connection;

  constructor(files: Files, threads: Threads, draft: Draft, connection: Connection) {
    this.#files = files;
    this.#threads = threads;
    this.#draft = draft;
    this.#connection = connection;
  }

  get busy(): boolean {
    return this.#busy;
  }

  /** What it can be tried on: the attached files, then the bundled samples. */
  get choices(): Ground[] {
    return grounds(this.#draft.files, this.#samples);
  }

  /** Fetches the list of samples; without them there are still the attached files. */
  async load(signal: AbortSignal): Promise<void> {
    try {
      this.#samples = await this.#files.samples(signal);
    } catch (error) {
      if (!signal.aborted) this.#connection.failed(error);
    }
  }

  /** Begins a conversation with the text, on the chosen ground or the likeliest; a skill that changes
   * a chart gets one drawn first. Nothing comes of it when the sample cannot be fetched. */
  async run(
    skill: Skill,
    text: string,
    language: Language,
    chosen?: Ground,
  ): Promise<Thread | undefined> {
    const ground = chosen ?? likeliest(text, this.choices);
    const goals = (ground?.sample ?? this.#samples[0])?.goals ?? [];
    const draw = goals.find((goal) => goal.language === language)?.text ?? "";
    const first = needsChart(skill) ? draw : "";
    this.#busy = true;
    try {
      const file = ground && (await this.#fileOf(ground));
      const begun = this.#threads.begin(first || text, file ? [file] : []);
      if (first) begun.askAfter(text);
      return begun;
    } catch (error) {
      this.#connection.failed(error);
      return undefined;
    } finally {
      this.#busy = false;
    }
  }

  async #fileOf({ file, filename, sample }: Ground): Promise<KeptFile | undefined> {
    if (file || !sample) return file;
    const attachment = await this.#draft.attach(await this.#files.sample(filename), filename);
    this.#draft.remove(attachment);
    return attachment.file;
  }
}
