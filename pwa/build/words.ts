import { compileMessage } from "@lingui/message-utils/compileMessage";
import type { Plugin } from "vite";

/** Compiles every `*.words.json` (id → ICU message) at build time, so the phone carries no ICU parser. */
export function words(): Plugin {
  return {
    name: "words",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith(".words.json")) return undefined;
      const catalogue = JSON.parse(code) as Record<string, string>;
      const compiled = Object.fromEntries(Object.entries(catalogue).map(([key, text]) => [key, compileMessage(text)]));
      return { code: `export default ${JSON.stringify(compiled)};`, map: null, moduleType: "js" };
    },
  };
}
