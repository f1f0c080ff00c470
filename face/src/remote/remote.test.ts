import { create, toBinary } from "@bufbuild/protobuf";
import { base64Encode } from "@bufbuild/protobuf/wire";
import { Code, ConnectError } from "@connectrpc/connect";
import { FileSchema } from "@keiko/gen/keiko/artifact/v1/artifact_pb.js";
import { ErrorInfoSchema, Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { describe, expect, test } from "vitest";
import { createFiles, fileHref, mediaTypeOf } from "./files.ts";
import { isFinal, isSignedOut, isUnreachable, troubleOf } from "./trouble.ts";

const info = create(ErrorInfoSchema, {
  reason: Reason.LIMIT_EXCEEDED,
  remedy: "Send a smaller file.",
});

describe("upload", () => {
  test("sends the name encoded and the type by its ending", async () => {
    let sent: RequestInit | undefined;
    const files = createFiles(async (_, init) => {
      sent = init;
      return Response.json({ name: `artifacts/${"a".repeat(64)}`, later: "unknown" });
    });
    const file = await files.upload(new Blob(["a"], { type: "application/vnd.ms-excel" }), "ä.csv");
    expect(file.name).toBe(`artifacts/${"a".repeat(64)}`);
    expect(sent?.headers).toEqual({ "content-type": "text/csv", "x-filename": "%C3%A4.csv" });
  });

  const value = base64Encode(toBinary(ErrorInfoSchema, info));
  const debug = { reason: "REASON_LIMIT_EXCEEDED", remedy: "Send a smaller file." };
  test.each([{ value }, { debug }])("an error keeps reason and remedy from %j", async (given) => {
    const details = [{ type: "keiko.error.v1.ErrorInfo", ...given }];
    const body = { code: "resource_exhausted", message: "too large", details };
    const files = createFiles(async () => Response.json(body, { status: 413 }));
    const error = await files.upload(new Blob(), "a.csv").catch((caught: unknown) => caught);
    expect(troubleOf(error)).toMatchObject({
      message: "too large",
      reason: Reason.LIMIT_EXCEEDED,
      remedy: "Send a smaller file.",
    });
    expect(isUnreachable(error)).toBe(false);
  });

  test("an answer in no known form still says its status", async () => {
    const files = createFiles(async () => new Response("<html>", { status: 502 }));
    const error = await files.upload(new Blob(), "a.csv").catch((caught: unknown) => caught);
    expect(troubleOf(error).message).toContain("502");
  });
});

test.each([
  ["a.CSV", "", "text/csv"],
  ["a.parquet", "", "application/vnd.apache.parquet"],
  ["a.png", "image/png", "image/png"],
  ["a", "", "application/octet-stream"],
])("%s of type “%s” is sent as %s", (name, given, type) =>
  expect(mediaTypeOf(name, given)).toBe(type),
);

test("fileHref saves under a name only when asked to", () => {
  const file = create(FileSchema, { name: "artifacts/abc", mediaType: "image/svg+xml" });
  expect(fileHref(file)).toBe("/files/abc?type=image%2Fsvg%2Bxml");
  expect(fileHref(file, "a b.svg")).toBe("/files/abc?type=image%2Fsvg%2Bxml&name=a+b.svg");
});

describe("kinds of errors", () => {
  const lost = ConnectError.from(new TypeError("Failed to fetch"));
  const starting = new ConnectError("starting", Code.Unavailable, undefined, [
    { desc: ErrorInfoSchema, value: info },
  ]);
  const signedOut = new ConnectError("no", Code.Unauthenticated);
  const missing = new ConnectError("no", Code.NotFound);

  test("only what never reached Keiko is unreachable", () =>
    expect(
      [lost, new ConnectError("bad gateway", Code.Unavailable), starting, missing].map(
        isUnreachable,
      ),
    ).toEqual([true, true, false, false]));

  test("only a missing session is signed out", () =>
    expect([signedOut, missing, lost].map(isSignedOut)).toEqual([true, false, false]));

  test("only what stays the same is final", () =>
    expect([missing, lost, starting, signedOut].map(isFinal)).toEqual([true, false, false, false]));
});
