import { defineConfig } from "vitest/config";
import { faces } from "./build/faces.ts";
import { icons } from "./build/icons.ts";
import { words } from "./build/words.ts";

export default defineConfig({
  plugins: [icons(), words(), faces()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: { include: ["src/**/*.test.{ts,tsx}"] },
});
