/**
 * As many registered skills as wanted: copies of the probe's contract under other names, each with
 * words of its own, so that a search has something to tell apart. The same number gives the same
 * contracts on every run.
 */
import { createHash } from "node:crypto";
import { clone, create, getExtension, setExtension, toBinary } from "@bufbuild/protobuf";
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from "@bufbuild/protobuf/wkt";
import { method as methodOption } from "@keiko/gen/keiko/option/v1/option_pb.js";
import { WorkloadSchema } from "@keiko/gen/keiko/registry/v1/registry_pb.js";
import { createDirectory, type Directory } from "@keiko/registry/directory.ts";
import { descriptorsOf } from "@keiko/runtime/descriptors.ts";
import { ProbeService } from "../../test/gen/keiko/probe/v1/probe_service_pb.js";
import { random } from "./random.ts";
import { verbs, words } from "./words.ts";

/** Of the probe's methods so many are skills. */
export const skills_per_service = ProbeService.methods.filter(
  ({ methodKind }) => methodKind === "unary",
).length;

const { file } = descriptorsOf([ProbeService]);
const imports = encoded(file.filter(({ name }) => name !== ProbeService.file.proto.name));

function encoded(files: FileDescriptorProto[]): Uint8Array {
  return toBinary(FileDescriptorSetSchema, create(FileDescriptorSetSchema, { file: files }));
}

export const serviceName = (index: number) => `keiko.bench${index}.v1.ProbeService`;

const made = new Map<number, Directory>();

/** A directory in which `count` skills are registered; the same one for the same number. */
export function directoryOf(count: number): Directory {
  const directory = made.get(count) ?? makeDirectory(count);
  made.set(count, directory);
  return directory;
}

/** Five services to a workload. */
function makeDirectory(count: number): Directory {
  const directory = createDirectory();
  const services = Math.ceil(count / skills_per_service);
  const leaseExpireTime = { seconds: BigInt(Math.ceil(Date.now() / 1_000) + 3_600), nanos: 0 };
  for (let first = 0; first < services; first += 5) {
    const contracts = new Map<string, Uint8Array>();
    const offered = [];
    for (let index = first; index < Math.min(services, first + 5); index++) {
      const bytes = Buffer.concat([imports, encoded([renamed(index)])]);
      const digest = createHash("sha256").update(bytes).digest("hex");
      contracts.set(digest, bytes);
      offered.push({ name: serviceName(index), digest });
    }
    const identity = `bench-${first}`;
    const workload = create(WorkloadSchema, {
      name: `workloads/${identity}`,
      identity,
      version: "1.0.0",
      endpoints: [`in-process:${identity}`],
      services: offered,
      leaseExpireTime,
    });
    directory.put(workload, (digest) => contracts.get(digest)!);
  }
  return directory;
}

function renamed(index: number): FileDescriptorProto {
  const file = clone(FileDescriptorProtoSchema, ProbeService.file.proto);
  const name = `keiko.bench${index}.v1`;
  const rename = (type: string) => type.replace(/^\.keiko\.probe\.v1/, `.${name}`);
  file.package = name;
  file.name = `keiko/bench${index}/v1/probe_service.proto`;
  const pick = random(index + 1);
  for (const method of file.service[0]!.method) {
    method.inputType = rename(method.inputType);
    method.outputType = rename(method.outputType);
    const contract = getExtension(method.options!, methodOption);
    if (!contract.skill) continue;
    const en = `${pick(verbs.en)} the ${pick(words.en)} of the ${pick(words.en)}`;
    const de = `${pick(words.de)} und ${pick(words.de)} ${pick(verbs.de)}`;
    Object.assign(contract.skill.summary!, { en, de });
    Object.assign(contract.skill.title!, { en: pick(words.en), de: pick(words.de) });
    contract.skill.examplesEn = [`please ${en}`];
    contract.skill.examplesDe = [`bitte ${de}`];
    setExtension(method.options!, methodOption, contract);
  }
  return file;
}
