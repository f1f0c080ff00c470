/** What the suite needs of an adapter, and what its tests share. */
import { afterAll, beforeAll, expect } from "vitest";
import { type Substrate, SubstrateError, type SubstrateErrorCode } from "../substrate.ts";
import type { StoreAddress } from "./kill-loop.ts";

export interface Opened {
  substrate: Substrate;
  /** Opens the same store again; the caller has closed the one before. */
  reopen(): Promise<Substrate>;
  /** Other processes may use the store at the same time: a memory queue then outlives this one. */
  shared?: boolean;
  /** Changes a byte of a stored blob; left out: in the file that `blobs.file` gives. */
  damage?(sha256: string): Promise<void>;
  /** How another process opens the same store. */
  address: StoreAddress;
  /** Removes the store; every substrate on it is closed. */
  remove(): Promise<void>;
}

export type Open = () => Promise<Opened>;

/** One store for all tests of a group; they keep apart by names. */
export function sharedStore(open: Open): { readonly substrate: Substrate } {
  let opened: Opened | undefined;
  beforeAll(async () => {
    opened = await open();
  });
  afterAll(async () => {
    await opened?.substrate.close();
    await opened?.remove();
  });
  return {
    get substrate() {
      return opened!.substrate;
    },
  };
}

/** A store of its own for one test that closes and reopens. `use` returns with all closed. */
export async function withStore(open: Open, use: (opened: Opened) => Promise<void>): Promise<void> {
  const opened = await open();
  try {
    await use(opened);
  } finally {
    await opened.substrate.close();
    await opened.remove();
  }
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (data: Uint8Array): string => new TextDecoder().decode(data);

export const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `ready` says so; fails by the test's own timeout. */
export async function until(ready: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await ready())) await sleep(2);
}

/** The call must fail with this code, a message and a remedy. */
export async function fails(call: Promise<unknown>, code: SubstrateErrorCode): Promise<void> {
  const error = await call.then(
    (value) => expect.fail(`resolved to ${String(value)} instead of failing with ${code}`),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(SubstrateError);
  const { code: found, message, remedy } = error as SubstrateError;
  expect({ code: found, message }).toMatchObject({ code });
  expect(message).not.toBe("");
  expect(remedy).not.toBe("");
}

/** `fails` for what may also throw before it returns a promise. */
export function failsToIterate(
  make: () => AsyncIterable<unknown>,
  code: SubstrateErrorCode,
): Promise<void> {
  return fails(
    (async () => {
      for await (const _ of make());
    })(),
    code,
  );
}

/** The first `count` items. */
export async function take<T>(items: AsyncIterable<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  for await (const item of items) {
    taken.push(item);
    if (taken.length === count) break;
  }
  return taken;
}

/** Everything until the end. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  return take(items, Number.POSITIVE_INFINITY);
}

export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
