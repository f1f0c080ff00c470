/**
 * Plans under names, each version for ever, per owner. The head of a plan holds its newest version and
 * its triggers, and is replaced under compare-and-set, so two who store at once get two versions.
 */
import { create, equals, fromBinary, toBinary } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { Reason } from "@keiko/gen/keiko/error/v1/error_pb.js";
import { type Plan, PlanSchema } from "@keiko/gen/keiko/plan/v1/plan_pb.js";
import {
  type StoredPlan,
  StoredPlanSchema,
  type Trigger,
} from "@keiko/gen/keiko/plan/v1/plan_service_pb.js";
import { refuse } from "@keiko/runtime/errors.ts";
import {
  type Entry,
  isConflict,
  type KeyValue,
  SubstrateError,
} from "@keiko/runtime/substrate/substrate.ts";

export const headPrefix = "plan-head/";
const versionPrefix = "plan-version/";

export type StoredPlans = ReturnType<typeof createStoredPlans>;

export function createStoredPlans(kv: KeyValue, now: () => number) {
  const head = (owner: string, name: string) => kv.get(headOf(owner, name));
  const required = async (owner: string, name: string) => {
    const entry = await head(owner, name);
    if (entry) return { entry, plan: read(entry) };
    throw absent(name);
  };

  const put = async (stored: StoredPlan, expect: number) => {
    const bytes = toBinary(StoredPlanSchema, stored);
    await kv.put(headOf(stored.owner, stored.name), bytes, { expect });
  };

  return {
    /** The next version; the newest one where that is the same plan. Fails with CONFLICT. */
    async store(owner: string, name: string, plan: Plan, expect: number): Promise<StoredPlan> {
      for (;;) {
        const entry = await head(owner, name);
        const before = entry && read(entry);
        const newest = before?.version ?? 0;
        if (before?.plan && equals(PlanSchema, before.plan, plan)) return before;
        if (expect !== 0 && expect !== newest) throw changed(name, expect, newest);
        const version = create(StoredPlanSchema, {
          name,
          version: newest + 1,
          plan,
          owner,
          createTime: timestampFromMs(now()),
          triggers: before?.triggers ?? [],
        });
        try {
          // The version first: what a head names is there. One that nobody got to name is replaced.
          await kv.put(versionOf(owner, name, newest + 1), toBinary(StoredPlanSchema, version));
          await put(version, entry?.revision ?? 0);
          return version;
        } catch (error) {
          if (!isConflict(error)) throw error;
        }
      }
    },
    /** `version` 0: the newest. Fails with NOT_FOUND. */
    async get(owner: string, name: string, version: number): Promise<StoredPlan> {
      const newest = await required(owner, name);
      if (version === 0 || version === newest.plan.version) return newest.plan;
      const entry = await kv.get(versionOf(owner, name, version));
      if (!entry || version > newest.plan.version) throw absent(name, version);
      return read(entry);
    },
    async find(owner: string, name: string, version: number): Promise<StoredPlan | undefined> {
      return this.get(owner, name, version).catch((error) => {
        if (error instanceof SubstrateError) throw error;
        return undefined;
      });
    },
    async list(owner: string, after: string | undefined, limit: number): Promise<StoredPlan[]> {
      const prefix = headOf(owner, "");
      const page = after === undefined ? {} : { after: `${prefix}${after}` };
      return (await kv.list(prefix, { ...page, limit })).map(read);
    },
    async setTriggers(owner: string, name: string, triggers: Trigger[]): Promise<StoredPlan> {
      for (;;) {
        const { entry, plan } = await required(owner, name);
        const next = create(StoredPlanSchema, { ...plan, triggers });
        try {
          await put(next, entry.revision);
          return next;
        } catch (error) {
          if (!isConflict(error)) throw error;
        }
      }
    },
    async remove(owner: string, name: string): Promise<void> {
      const entry = await head(owner, name);
      if (!entry) return;
      const { version } = read(entry);
      await kv.delete(headOf(owner, name), { expect: entry.revision });
      for (let one = 1; one <= version; one++) await kv.delete(versionOf(owner, name, one));
    },
    /** All of the owner's that have the plan as a step. */
    async usersOf(owner: string, name: string): Promise<string[]> {
      const using: string[] = [];
      for (let after: string | undefined; ; ) {
        const page = await this.list(owner, after, 200);
        for (const stored of page) {
          const steps = stored.plan?.steps ?? [];
          if (steps.some(({ subPlan }) => subPlan?.name === name)) using.push(stored.name);
        }
        after = page.at(-1)?.name;
        if (page.length < 200) return using;
      }
    },
  };
}

export function read(entry: Entry): StoredPlan {
  return fromBinary(StoredPlanSchema, entry.value);
}

const headOf = (owner: string, name: string) => `${headPrefix}${owner}/${name}`;
const versionOf = (owner: string, name: string, version: number) =>
  `${versionPrefix}${owner}/${name}/${version}`;

function absent(name: string, version = 0) {
  return refuse(Reason.NOT_FOUND, {
    message: `there is no plan ${name}${version ? ` with version ${version}` : ""}`,
    field: "name",
    remedy: "list your plans with ListPlans",
    metadata: { name, ...(version ? { version: String(version) } : {}) },
  });
}

function changed(name: string, expected: number, newest: number) {
  return refuse(Reason.CONFLICT, {
    message: `version ${newest} of ${name} is the newest, not ${expected}`,
    field: "expect_version",
    remedy: "look at what changed, then store yours again",
    metadata: { name, expected: String(expected), newest: String(newest) },
  });
}
