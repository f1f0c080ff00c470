import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";

/** What an error of this agent carries to whoever asked: always a reason, and a remedy. */
export interface FailureDetail {
  /** Full sentence in the language of the question. */
  readonly message: string;
  /** What to do about it, one sentence. */
  readonly remedy?: string;
  /** Path of the request field at fault: "question", "source". */
  readonly field?: string;
  /** Every value that the message mentions. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Requests that would have been served. */
  readonly suggestions?: readonly string[];
}

/** A refusal that is meant: the agent turns it into the error of the contract, word by word. */
export class DataFailure extends Error {
  override readonly name = "DataFailure";
  readonly reason: Reason;
  readonly detail: FailureDetail;

  constructor(reason: Reason, detail: FailureDetail, cause?: unknown) {
    super(detail.message, { cause });
    this.reason = reason;
    this.detail = detail;
  }
}

/** The file is not a table that can be read: says which file, what is wrong, and what to do. */
export function unreadable(filename: string, problem: string, remedy: string, cause?: unknown) {
  return new DataFailure(
    Reason.UNREADABLE_FILE,
    {
      message: `"${filename}" cannot be read as a table: ${problem}.`,
      remedy,
      field: "source",
      metadata: { filename, problem },
    },
    cause,
  );
}
