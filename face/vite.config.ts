import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

const gateway = "http://127.0.0.1:7600";

export default defineConfig({
  plugins: [svelte()],
  resolve: {
    alias: {
      // The gateway checks the rules of the contracts; their 85 kB of vocabulary stay at home.
      "@bufbuild/protovalidate/gen/buf/validate/validate_pb.js": fileURLToPath(
        new URL("./src/remote/no-validation.ts", import.meta.url),
      ),
    },
  },
  build: {
    target: ["chrome123", "firefox120", "safari17.5"],
    // Inlined assets would need `data:` in more places of the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    // Everything with a dot in its first segment is a service: `/keiko.task.v1.TaskService/…`.
    proxy: { "^/(files|samples)(/|$)": gateway, "^/[a-z0-9_]+(\\.[A-Za-z0-9_]+)+/": gateway },
  },
});
