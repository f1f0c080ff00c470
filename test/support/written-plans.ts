/** Plans over a contract that has a field of everything, for tests of each rule of the compiler. */
import {
  create,
  fromJson,
  type JsonValue,
  type Message,
  type MessageInitShape,
} from "@bufbuild/protobuf";
import { durationFromMs, ListValueSchema, ValueSchema } from "@bufbuild/protobuf/wkt";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { Effect } from "@keiko/gen/keiko/option/v1/option_pb.js";
import {
  type BindingSchema,
  LimitsSchema,
  type LoopSchema,
  ParameterType,
  PlanSchema,
  type StepSchema,
  type Test,
} from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import { StoredPlanSchema } from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import { type CompileEnvironment, compile } from "@keiko/orchestrator/compiler.ts";
import { literal, output } from "./plans.ts";
import { writtenContract } from "./written-contract.ts";

export const methods = writtenContract({
  messages: {
    Person: ["string name", "string pin secret", "int32 age"],
    MakeRequest: ["int32 size"],
    MakeResponse: [
      "int32 small",
      "int64 large",
      "string text",
      "repeated int32 smalls",
      "repeated Person people",
      "Person person",
      "Kind kind",
      "string pin secret",
      "string name personal",
      "string found untrusted",
      "google.protobuf.Duration time",
      "keiko.artifact.v1.File file",
      "google.protobuf.StringValue maybe",
      "bytes raw",
      "Person private personal",
    ],
    TakeRequest: [
      "int32 small max:10",
      "int64 large",
      "double real",
      "float rough",
      "string text max:5",
      "repeated int64 larges",
      "repeated string texts",
      "Person person",
      "Kind kind",
      "string pin secret",
      "string name personal",
      "google.protobuf.StringValue maybe",
      "google.protobuf.Duration time",
      "keiko.artifact.v1.File file",
      "bool flag",
      "Person private personal",
      "repeated Person people",
    ],
    TakeResponse: ["string text"],
    ChooseRequest: ["string one in:which", "int32 two in:which", "Choice inner"],
    Choice: ["string left in:side", "string right in:side", "string needed required"],
    ChooseResponse: ["string done"],
    AskRequest: ["string question goal", "string data", "string pin secret", "Person person"],
    AskResponse: ["string answer"],
    BookRequest: ["string what", "int32 amount"],
    BookResponse: ["string booking"],
    CancelRequest: ["string booking required", "int64 amount required"],
    CancelResponse: [],
    ReserveRequest: ["string what"],
    ReserveResponse: ["string reservation"],
    LockRequest: ["int32 amount"],
    LockResponse: ["string booking secret"],
    PayRequest: ["int32 amount max:100"],
    PayResponse: ["string receipt"],
    PostRequest: ["string text"],
    PostResponse: [],
    ReadRequest: [],
    ReadResponse: ["int32 number"],
    DeepRequest: [],
    DeepResponse: ["string text"],
  },
  methods: {
    Make: {},
    Read: {},
    Take: { effect: Effect.IDEMPOTENT },
    Choose: { effect: Effect.IDEMPOTENT },
    Ask: { needsModel: true, effect: Effect.IDEMPOTENT },
    Book: {
      effect: Effect.COMPENSATED,
      undoMethod: "written.Service/Cancel",
      costMicrosMax: 10n,
      attemptsMax: 4,
    },
    Cancel: { effect: Effect.IDEMPOTENT, costMicrosMax: 1n, timeMax: durationFromMs(300) },
    Reserve: { effect: Effect.COMPENSATED, undoMethod: "written.Service/Cancel" },
    Lock: { effect: Effect.COMPENSATED, undoMethod: "written.Service/Cancel" },
    Pay: { effect: Effect.IRREVERSIBLE, costMicrosMax: 100n },
    Post: { effect: Effect.IDEMPOTENT, needsApproval: true },
    Deep: { effect: Effect.COMPENSATED, undoMethod: "written.Service/Pay" },
  },
});

export type StepInit = Exclude<MessageInitShape<typeof StepSchema>, Message>;
export type PlanInit = Exclude<MessageInitShape<typeof PlanSchema>, Message>;
export type BindingInit = Exclude<MessageInitShape<typeof BindingSchema>, Message>;
type LoopInit = Exclude<MessageInitShape<typeof LoopSchema>, Message>;

export const call = (id: string, method: string, ...inputs: BindingInit[]): StepInit => ({
  id,
  method: `written.Service/${method}`,
  inputs,
});
export const make = call("make", "Make", literal("size", 1));
export const take = (...inputs: BindingInit[]) => call("take", "Take", ...inputs);
export const item = (field: string, path = ""): BindingInit => ({
  field,
  value: { case: "item", value: { field: path } },
});
export const parameter = (field: string, name: string): BindingInit => ({
  field,
  value: { case: "parameter", value: name },
});
export const json = (value: JsonValue) => fromJson(ValueSchema, value);
export const over = (step: string, field: string, itemsMax = 10): LoopInit => ({
  over: { case: "output", value: { step, field } },
  itemsMax,
});
export const overList = (values: JsonValue[], itemsMax = 10): LoopInit => ({
  over: { case: "literal", value: fromJson(ListValueSchema, values) },
  itemsMax,
});
export const when = (step: string, field: string, is: Test, value?: JsonValue) => ({
  output: { step, field },
  test: is,
  ...(value === undefined ? {} : { value: json(value) }),
});

const stored: Record<string, PlanInit> = {
  "plans/count": {
    steps: [take(parameter("small", "size"), parameter("text", "word"))],
    parameters: [
      { name: "size", type: ParameterType.INTEGER },
      { name: "word", type: ParameterType.TEXT, default: json("a") },
    ],
  },
  "plans/asks": { steps: [{ id: "q", question: { text: "?", type: ParameterType.TEXT } }] },
  "plans/loops": { steps: [{ ...take(), forEach: overList([1]) }] },
  "plans/wrong": { steps: [call("x", "Nothing")] },
  "plans/a": { steps: [{ id: "x", subPlan: { name: "plans/b" } }] },
  "plans/b": { steps: [{ id: "x", subPlan: { name: "plans/a" } }] },
  ...Object.fromEntries(
    Array.from({ length: 7 }, (_, depth) => [
      `plans/deep${depth}`,
      { steps: [{ id: "x", subPlan: { name: `plans/deep${depth + 1}` } }] },
    ]),
  ),
};

export function run(plan: PlanInit, options: Partial<CompileEnvironment> = {}) {
  return compile(create(PlanSchema, plan), {
    method: (path) => methods.find((one) => one.path === path),
    refusal: () => undefined,
    storedPlan: (name, version) => {
      const found = version < 2 ? stored[name] : undefined;
      return found && create(StoredPlanSchema, { name, version: 1, plan: found });
    },
    attachments: [],
    limits: create(LimitsSchema, { costMicrosMax: 1_000_000n }),
    ...options,
  });
}

export const problemsOf = (plan: PlanInit, options: Partial<CompileEnvironment> = {}) =>
  run(plan, options).problems.map(({ field, reason }) => [field, Reason[reason]]);

export type Case = [string, StepInit[], string[][]];
export const invalid = (...fields: string[]) => fields.map((field) => [field, "PLAN_INVALID"]);
export const from = (to: string, path: string) => take(output(to, "make", path));
