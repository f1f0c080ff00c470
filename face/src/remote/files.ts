import { fromJson, type JsonValue } from "@bufbuild/protobuf";
import { FileSchema, type File as KeptFile } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { createContext } from "svelte";
import { refusedBy } from "./trouble.ts";

/** Files go over plain HTTP, because a browser streams them there without copying. */
export interface Files {
  /** Stores bytes and names them. Throws RefusedError with the server's reason and remedy. */
  upload(content: Blob, filename: string, signal?: AbortSignal): Promise<KeptFile>;
  /** The content of a kept JSON file. */
  json(file: KeptFile, signal?: AbortSignal): Promise<JsonValue>;
  /** The list of bundled samples, with questions that they answer. */
  samples(signal?: AbortSignal): Promise<Sample[]>;
  /** The bytes of a bundled sample. */
  sample(filename: string, signal?: AbortSignal): Promise<Blob>;
}

export interface Sample {
  filename: string;
  goals: { language: string; text: string }[];
}

export function createFiles(http: typeof fetch): Files {
  const ask = async (path: string, init: RequestInit): Promise<Response> => {
    const response = await http(path, { credentials: "same-origin", ...init });
    if (!response.ok) throw await refusedBy(response);
    return response;
  };
  const withSignal = (signal?: AbortSignal): RequestInit => (signal ? { signal } : {});
  return {
    async upload(content, filename, signal) {
      const response = await ask("/files", {
        method: "POST",
        headers: {
          "content-type": mediaTypeOf(filename, content.type),
          "x-filename": encodeURIComponent(filename),
        },
        body: content,
        ...withSignal(signal),
      });
      return fromJson(FileSchema, await response.json(), { ignoreUnknownFields: true });
    },
    async json(file, signal) {
      const response = await ask(fileHref(file), withSignal(signal));
      return (await response.json()) as JsonValue;
    },
    async samples(signal) {
      const response = await ask("/samples/index.json", withSignal(signal));
      return (await response.json()) as Sample[];
    },
    async sample(filename, signal) {
      const response = await ask(`/samples/${encodeURIComponent(filename)}`, withSignal(signal));
      return response.blob();
    },
  };
}

const tableTypes: Record<string, string> = {
  csv: "text/csv",
  tsv: "text/tab-separated-values",
  tab: "text/tab-separated-values",
  json: "application/json",
  jsonl: "application/x-ndjson",
  ndjson: "application/x-ndjson",
  parquet: "application/vnd.apache.parquet",
};

/** Its rows can be looked at. */
export const isTable = ({ mediaType }: KeptFile): boolean =>
  Object.values(tableTypes).includes(mediaType);

/** The ending decides for tables: browsers on Windows call a .csv an Excel file. */
export function mediaTypeOf(filename: string, given: string): string {
  const ending = filename.slice(filename.lastIndexOf(".") + 1).toLowerCase();
  return tableTypes[ending] ?? (given.split(";")[0] || "application/octet-stream");
}

/** Where the bytes of a kept file are; with `saveAs`, the browser saves them under that name. */
export function fileHref(file: KeptFile, saveAs?: string): string {
  const hash = file.name.slice(file.name.indexOf("/") + 1);
  const query = new URLSearchParams({ type: file.mediaType || "application/octet-stream" });
  if (saveAs) query.set("name", saveAs);
  return `/files/${hash}?${query}`;
}

export const [useFiles, provideFiles] = createContext<Files>();
