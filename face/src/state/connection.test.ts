import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Connection } from "./connection.svelte.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const gone = new TypeError("Failed to fetch");

test("a probe that ends in a deadline is followed by another, until one succeeds", async () => {
  const connection = new Connection();
  let probes = 0;
  connection.probeWith(async () => {
    probes++;
    if (probes < 4) throw new ConnectError("too slow", Code.DeadlineExceeded);
    connection.succeeded();
  });
  connection.failed(gone);
  expect(connection.status).toBe("offline");
  const restored = connection.restored(new AbortController().signal);
  await vi.advanceTimersByTimeAsync(20_000);
  await restored;
  expect(probes).toBe(4);
  expect(connection.status).toBe("online");
});

test("whoever waits goes on when it is no longer wanted", async () => {
  const connection = new Connection();
  connection.failed(gone);
  const stop = new AbortController();
  const restored = connection.restored(stop.signal);
  stop.abort();
  await restored;
  expect(connection.status).toBe("offline");
});

test("signed out is not offline: nothing is probed until somebody asks", async () => {
  const connection = new Connection();
  let probes = 0;
  connection.probeWith(async () => {
    probes++;
  });
  connection.failed(new ConnectError("nobody", Code.Unauthenticated));
  await vi.advanceTimersByTimeAsync(20_000);
  expect(connection.status).toBe("signed-out");
  expect(probes).toBe(0);
});
