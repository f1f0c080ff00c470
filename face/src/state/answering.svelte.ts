import type { MessageInitShape } from "@bufbuild/protobuf";
import type { AnswerStepRequestSchema } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import type { Clients } from "../remote/clients.ts";
import { type Trouble, troubleOf } from "../remote/trouble.ts";
import type { Asking } from "./waiting.ts";

type Answer = NonNullable<MessageInitShape<typeof AnswerStepRequestSchema>["answer"]>;

/** A person's word on its way. */
export class Answering {
  #busy = $state(false);
  #said = $state(false);
  #trouble = $state.raw<Trouble>();
  #clients: Clients;

  constructor(clients: Clients) {
    this.#clients = clients;
  }

  get busy(): boolean {
    return this.#busy;
  }

  /** It has been taken; the task goes on by itself. */
  get said(): boolean {
    return this.#said;
  }

  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  async say({ task, step }: Asking, answer: Answer, note = ""): Promise<boolean> {
    if (this.#busy || this.#said) return false;
    this.#busy = true;
    this.#trouble = undefined;
    try {
      await this.#clients.tasks.answerStep({ name: task, step, answer, note: note.trim() });
      this.#said = true;
      return true;
    } catch (error) {
      this.#trouble = troubleOf(error);
      return false;
    } finally {
      this.#busy = false;
    }
  }
}
