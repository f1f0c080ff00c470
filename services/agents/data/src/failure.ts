import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";

/** The same in both languages. */
export interface Said {
  readonly en: string;
  readonly de: string;
}

/** What an error of this agent carries to whoever asked: always a reason, and a remedy. */
export interface FailureDetail {
  /** Full sentence, in the language of the question or in both. */
  readonly message: string | Said;
  /** What to do about it, one sentence. */
  readonly remedy?: string | Said;
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
    super(inLanguage(detail.message, "en"), { cause });
    this.reason = reason;
    this.detail = detail;
  }
}

/** What is said in one language is said so, whichever is wanted. */
export const inLanguage = (said: string | Said, language: string): string =>
  typeof said === "string" ? said : language === "de" ? said.de : said.en;

/** The file is not a table that can be read: says which file, what is wrong, and what to do. */
export function unreadable(filename: string, problem: Said, remedy: Said, cause?: unknown) {
  return new DataFailure(
    Reason.UNREADABLE_FILE,
    {
      message: {
        en: `"${filename}" cannot be read as a table: ${problem.en}.`,
        de: `„${filename}“ ist nicht als Tabelle zu lesen: ${problem.de}.`,
      },
      remedy,
      field: "source",
      metadata: { filename, problem: problem.en },
    },
    cause,
  );
}
