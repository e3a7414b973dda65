import type { Plugin } from "vite";

/**
 * `tokens.css` says in `--st-…` which icon and word belong to a status, for people and for the desk's tables to read.
 * No rule and no script reads them, so no phone carries them: they end here.
 */
export function styles(): Plugin {
  return {
    name: "styles",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith("/tokens.css")) return undefined;
      return { code: code.replace(/--st-[\w-]+:[^;]*;/g, ""), map: null };
    },
  };
}
