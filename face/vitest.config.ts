import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineProject } from "vitest/config";

// Pages are rendered in a DOM without a browser: without the condition "browser" Svelte would
// resolve to its server build and mount nothing.
export default defineProject({
  plugins: [svelte()],
  resolve: { conditions: ["browser"] },
  test: {
    name: "face",
    environment: "happy-dom",
    include: ["src/**/*.test.ts"],
    testTimeout: 20_000,
  },
});
