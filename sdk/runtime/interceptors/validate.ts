/** Checks every request message against the bounds of its contract, each message of a stream too. */
import type { DescMessage, Message } from "@bufbuild/protobuf";
import { pathToString } from "@bufbuild/protobuf/reflect";
import { createValidator, type Validator } from "@bufbuild/protovalidate";
import type { Interceptor } from "@connectrpc/connect";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { refuse } from "../errors.ts";

/** One for the process: it compiles the rules of each message type once. */
export const validator: Validator = createValidator();

export const validate: Interceptor = (next) => (request) => {
  if (!request.stream) {
    check(request.method.input, request.message);
    return next(request);
  }
  // In place: a copy of a request would lose what it makes on demand.
  return next(Object.assign(request, { message: checked(request.method.input, request.message) }));
};

async function* checked<T extends Message>(schema: DescMessage, source: AsyncIterable<T>) {
  for await (const message of source) {
    check(schema, message);
    yield message;
  }
}

/** Fails with INVALID_FIELD naming every field at fault, the first one in `field`. */
export function check(schema: DescMessage, message: Message): void {
  const result = validator.validate(schema, message);
  if (result.kind === "valid") return;
  if (result.kind === "error") throw result.error;
  const found = result.violations.map((violation) => {
    // A rule over the whole message names its field itself: "goal: say what you want".
    const [, named, rest] = /^([a-z_]+): (.*)$/.exec(violation.message) ?? [];
    const field = pathToString(violation.field) || (named ?? "");
    return { field, message: named && rest ? rest : violation.message };
  });
  const listed = found.map(({ field, message: text }) => `${field || schema.name}: ${text}`);
  throw refuse(Reason.INVALID_FIELD, {
    message: listed.join("; "),
    field: found[0]!.field,
    remedy: "correct the named fields; the contract states their bounds",
    metadata: Object.fromEntries(found.map(({ field, message: text }) => [field, text])),
  });
}
