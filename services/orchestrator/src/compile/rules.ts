/** Holds the rules of a contract against what of a request is known before it runs. */
import { clone, type DescMethod } from "@bufbuild/protobuf";
import { pathToString, type ReflectMessage, reflect } from "@bufbuild/protobuf/reflect";
import { validator } from "@keiko/runtime/interceptors/validate.ts";

export interface Violation {
  /** "options.width", "rows[3].cells"; empty: the request as a whole. */
  path: string;
  message: string;
}

/** Rules over what is only known while running, the open paths, are checked then, by the server. */
export function violations(
  method: DescMethod,
  request: ReflectMessage,
  open: ReadonlySet<string>,
): Violation[] {
  // Nothing of the request is known yet, so there is nothing to say about it.
  if (open.size > 0 && method.input.fields.every(({ name }) => open.has(name))) return [];
  const result = validator.validate(method.input, request.message);
  if (result.kind !== "invalid") return [];
  const unknown = [...open, ...choicesOf(method, open)];
  return result.violations
    .map(({ field, message }) => ({ path: pathToString(field), message }))
    .filter(({ path }) => !unknown.some((one) => related(one, path)));
}

/** One is the other, or lies in it. */
export function related(one: string, path: string): boolean {
  const plain = path.replace(/\[.*$/, "");
  return plain === "" || plain === one || isWithin(plain, one) || isWithin(one, plain);
}

export const isWithin = (inner: string, outer: string) => inner.startsWith(`${outer}.`);

/** The choices (oneofs) that open fields belong to: whether one is made is not known either. */
function choicesOf({ input }: DescMethod, open: ReadonlySet<string>): string[] {
  const choices: string[] = [];
  for (const path of open) {
    let message = input as typeof input | undefined;
    let prefix = "";
    for (const name of path.split(".")) {
      const field = message?.fields.find((one) => one.name === name);
      if (field?.oneof) choices.push(`${prefix}${field.oneof.name}`);
      prefix += `${name}.`;
      message = field?.message;
    }
  }
  return choices;
}

export function copyOf(method: DescMethod, request: ReflectMessage): ReflectMessage {
  return reflect(method.input, clone(method.input, request.message));
}
