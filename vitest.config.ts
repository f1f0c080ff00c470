import { defineConfig } from "vitest/config";

// Two cores everywhere: more workers only make the timing-sensitive suites slower.
export default defineConfig({
  test: {
    include: ["{sdk,services,test,face}/**/*.test.ts"],
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
