import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { contentSecurityPolicy } from "./mock/contentSecurityPolicy.ts";
import { mockServer } from "./mock/mockServer.ts";
import { packed } from "./packed.ts";

const server = process.env["MODELWATCH_URL"] ?? "http://127.0.0.1:8470";

export default defineConfig(({ mode }) => ({
  plugins: [react(), packed(), ...(mode === "mock" ? [mockServer()] : [])],
  build: {
    outDir: fileURLToPath(new URL("../src/modelwatch/server/dashboard", import.meta.url)),
    emptyOutDir: true,
    target: "es2022",
    // The policy allows neither inline scripts nor data: fonts, so nothing may be inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { ...(mode === "mock" ? {} : { proxy: { "/graphql": server } }) },
  preview: { headers: { "Content-Security-Policy": contentSecurityPolicy } },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["./mock/setUpTests.ts"],
    env: { TZ: "UTC" },
    restoreMocks: true,
    testTimeout: 20_000,
  },
}));
