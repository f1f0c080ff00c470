import { defineConfig } from "vitest/config";

// Two cores everywhere: more workers only make the timing-sensitive suites slower.
const node = { testTimeout: 20_000, hookTimeout: 60_000 };
const timed = [
  "test/{events,faults,mesh,nats,start,up}/**/*.test.ts",
  "test/runtime/overload.test.ts",
];

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          ...node,
          name: "node",
          include: ["{sdk,services,test}/**/*.test.ts"],
          exclude: timed,
        },
      },
      // What counts the milliseconds of processes and servers goes last, one file after the other: what
      // another suite takes from the machine would be counted too.
      {
        test: {
          ...node,
          name: "timed",
          include: timed,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
      // The console brings its own: a DOM, and Svelte's build for browsers.
      "./face",
    ],
  },
});
