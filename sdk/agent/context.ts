/** What a skill may do: nothing that is not here. */
import type { DescService, MessageInitShape } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import type { File } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import type { Task } from "@keiko/gen/keiko/task/v1/task_pb.js";
import type { CreateTaskRequestSchema } from "@keiko/gen/keiko/task/v1/task_service_pb.js";
import type { Caller } from "@keiko/runtime/call.ts";
import type { Log } from "@keiko/runtime/log.ts";

export interface AgentContext {
  /** Aborts when the caller cancels or the deadline passes; pass it on to what takes time. */
  signal: AbortSignal;
  /** Who calls, and for whom. */
  principal: Caller;
  artifacts: Artifacts;
  log: Log;
  clock: () => Date;
  /** Yield it from a generator skill to tell people what is happening. */
  progress(text: string): Progress;
  /** A typed client of a service that the agent declared in `calls`. */
  client<S extends DescService>(service: S): Client<S>;
  /**
   * Runs an effect once per step, however often the step is tried: the first result is recorded and
   * given again. `fn` gets a key that is the same on every try, for systems that remove duplicates
   * themselves. The result must survive JSON.
   */
  step<T>(name: string, fn: (key: string) => Promise<T>): Promise<T>;
  /**
   * Asks for a task of its own and waits for its end: the same task on every try of the step. It gets
   * the rights of this step and at most what is left of its time and money; what it costs is what this
   * step costs. Needs TaskService in `calls`. Fails where the task may not be created, not where it fails.
   */
  subTask(name: string, request: MessageInitShape<typeof CreateTaskRequestSchema>): Promise<Task>;
  /**
   * Says what the call has cost so far, in millionths of a euro, on top of what was said before. A
   * skill with a price that never says has cost what its contract allows.
   */
  spend(micros: number): void;
  /**
   * Present when the call takes another one back: the key that one gave to `step` effects named so.
   * What it did may never have come to be.
   */
  undone(name: string): string | undefined;
}

export interface Progress {
  progress: string;
}

export interface Artifacts {
  /** A local file with the bytes, read-only. Fails with NOT_FOUND when there is no such file. */
  file(file: File): Promise<string>;
  read(file: File): AsyncIterable<Uint8Array>;
  /** Stores bytes; the same bytes twice are one file. Fails with LIMIT_EXCEEDED. */
  write(file: NewFile): Promise<File>;
}

export interface NewFile {
  filename: string;
  mediaType: string;
  bytes: Uint8Array | AsyncIterable<Uint8Array>;
}
