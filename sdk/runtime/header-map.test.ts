import { describe, expect, test } from "vitest";
import { HeaderMap } from "./header-map.ts";

const start: [string, string][] = [
  ["traceparent", "00-a-b-01"],
  ["keiko-user", "users/ann"],
];
const changes: Record<string, (header: Headers) => unknown> = {
  "reads by any case": (header) => [header.get("Keiko-User"), header.has("TRACEPARENT")],
  "says null and false for what is not there": (header) => [header.get("no"), header.has("no")],
  "sets over what was there": (header) => header.set("Keiko-User", "users/bob"),
  "appends behind what was there, and where nothing was": (header) => {
    header.append("keiko-user", "users/bob");
    header.append("x-new", "1");
  },
  "deletes by any case": (header) => header.delete("KEIKO-USER"),
};

describe("a header map does what the platform's Headers does", () => {
  test.each(Object.entries(changes))("%s", (_, change) => {
    const ours = new HeaderMap(start);
    const platform = new Headers(start);
    expect(change(ours)).toEqual(change(platform));
    expect(new Headers([...ours])).toEqual(platform);
    const visited: [string, string][] = [];
    ours.forEach((value, name) => {
      visited.push([name, value]);
    });
    expect(visited.sort()).toEqual([...platform]);
    expect([...ours.keys()].sort()).toEqual([...platform.keys()]);
    expect([...ours.values()].sort()).toEqual([...platform.values()].sort());
  });
});
