import { defineConfig } from "vitest/config";

// Two cores everywhere: more workers only make the timing-sensitive suites slower.
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: "node",
          include: ["{sdk,services,test}/**/*.test.ts"],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      // The console brings its own: a DOM, and Svelte's build for browsers.
      "./face",
    ],
  },
});
