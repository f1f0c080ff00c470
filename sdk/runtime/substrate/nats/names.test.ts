import { expect, it } from "vitest";
import { compareNames, decodeName, encodeName, prefixFilter } from "./names.ts";

const names = [
  "a",
  "/",
  ".",
  "//",
  "..",
  "a/",
  "a.",
  "a/b.c//d..e/./",
  "%",
  "%d",
  "%e",
  "a%d.b",
  "%e/%e.",
  "% *>/a b.>",
  "a\u3000b\u2028c\u00a0",
  "ä.日本/😀%",
  "$JS.API.>",
  "100%.x",
];

it("encodes every name into its own valid subject and back", () => {
  for (const name of names) {
    const encoded = encodeName(name);
    expect(encoded, name).toMatch(/^[^\s*>.]+(\.[^\s*>.]+)*$/u);
    expect(decodeName(encoded)).toBe(name);
  }
  expect(new Set(names.map(encodeName)).size).toBe(names.length);
});

it("filters a prefix by whole tokens, never losing a name that starts with it", () => {
  expect(prefixFilter("")).toBe(">");
  expect(prefixFilter("task")).toBe(">");
  expect(prefixFilter("task/")).toBe("task.>");
  expect(prefixFilter("task/1")).toBe("task.>");
  expect(prefixFilter("task.")).toBe("task%d.>");
  for (const name of names)
    for (let end = 0; end <= name.length; end++) {
      const prefix = name.slice(0, end);
      if (!prefix.isWellFormed()) continue;
      const start = prefixFilter(prefix).slice(0, -1);
      expect(encodeName(name).startsWith(start), `${prefix} of ${name}`).toBe(true);
    }
});

it("orders by UTF-8 bytes", () => {
  expect(["😀", "\uff5e", "b", "a"].toSorted(compareNames)).toEqual(["a", "b", "\uff5e", "😀"]);
});
