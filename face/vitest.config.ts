import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineProject } from "vitest/config";

// Pages are rendered in a DOM without a browser: without the condition "browser" Svelte would
// resolve to its server build and mount nothing.
export default defineProject({
  root: import.meta.dirname,
  plugins: [svelte()],
  resolve: { conditions: ["browser"] },
  test: {
    name: "face",
    // What npm ships as .svelte is compiled here too.
    server: { deps: { inline: [/@lucide\/svelte/] } },
    include: ["src/**/*.test.ts"],
    testTimeout: 20_000,
  },
});
