/**
 * How private values are, and where they may go. A field counts as what it says itself or what any
 * message around it says, whichever is stricter; a message as the strictest of what it holds. Pure.
 */
import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { DataClass } from "@keiko/gen/keiko/option/v1/option_pb.js";
import { dataClassOf } from "@keiko/runtime/contracts.ts";
import type { Type } from "./types.ts";

/** 0: anyone who may call may see it; 1: PERSONAL; 2: SECRET. */
export type Rank = 0 | 1 | 2;

export const secret: Rank = 2;

export function rankOf(field: DescField): Rank {
  const dataClass = dataClassOf(field);
  if (dataClass === DataClass.SECRET) return 2;
  return dataClass === DataClass.PERSONAL ? 1 : 0;
}

export const rankName = (rank: Rank) => ["INTERNAL", "PERSONAL", "SECRET"][rank]!;

/** Of the field at the path, with what is around it. The path is known to exist. */
export function rankAt(message: DescMessage, path: string): Rank {
  let rank: Rank = 0;
  let current: DescMessage | undefined = message;
  for (const name of path.split(".")) {
    const field: DescField | undefined = current?.fields.find((one) => one.name === name);
    if (!field) return rank;
    rank = stricter(rank, rankOf(field));
    current = field.message;
  }
  return rank;
}

/** The field at the path, or something that it holds, is SECRET. */
export function isSecret(message: DescMessage, path: string): boolean {
  if (rankAt(message, path) === secret) return true;
  let current: DescMessage | undefined = message;
  for (const name of path.split(".")) {
    current = current?.fields.find((one) => one.name === name)?.message;
  }
  return current !== undefined && innerRank(current) === secret;
}

const inner = new WeakMap<DescMessage, Rank>();

/** The strictest of what messages of the type hold, however deep. */
function innerRank(message: DescMessage): Rank {
  const known = inner.get(message);
  if (known !== undefined) return known;
  const seen = new Set<DescMessage>();
  const walk = (one: DescMessage): Rank => {
    if (seen.has(one)) return 0;
    seen.add(one);
    return one.fields.reduce<Rank>(
      (rank, field) =>
        stricter(rank, stricter(rankOf(field), field.message ? walk(field.message) : 0)),
      0,
    );
  };
  const rank = walk(message);
  inner.set(message, rank);
  return rank;
}

/** Of all that a value of the type holds, the field that it came from being of the given rank. */
export function wholeRank(type: Type, rank: Rank): Rank {
  const message = messageOf(type);
  return message ? stricter(rank, innerRank(message)) : rank;
}

/** What would be shown where it must not be; undefined: nothing. */
export function leak(
  from: { type: Type; rank: Rank },
  to: { type: Type; rank: Rank },
): Rank | undefined {
  if (from.rank > to.rank) return from.rank;
  const [source, target] = [messageOf(from.type), messageOf(to.type)];
  // Messages of one definition: what is private inside is so on both sides.
  if (!source || !target || source === target) return undefined;
  return leakInside(source, target, to.rank, new Set());
}

function leakInside(
  source: DescMessage,
  target: DescMessage,
  around: Rank,
  seen: Set<DescMessage>,
): Rank | undefined {
  if (seen.has(source)) return undefined;
  seen.add(source);
  for (const field of source.fields) {
    const other = target.fields.find(({ number }) => number === field.number);
    const allowed = other ? stricter(around, rankOf(other)) : around;
    if (rankOf(field) > allowed) return rankOf(field);
    if (!field.message) continue;
    if (!other?.message) {
      if (innerRank(field.message) > allowed) return innerRank(field.message);
      continue;
    }
    const found = leakInside(field.message, other.message, allowed, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

export function stricter(a: Rank, b: Rank): Rank {
  return a > b ? a : b;
}

function messageOf(type: Type): DescMessage | undefined {
  if (type.kind === "message") return type.message;
  if (type.kind === "list") return messageOf(type.element);
  return type.kind === "map" ? messageOf(type.value) : undefined;
}
