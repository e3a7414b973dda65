import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

const ID = "virtual:icons";
const lucide = join(dirname(createRequire(import.meta.url).resolve("lucide-static/package.json")), "icons");

/**
 * `import { icons } from "virtual:icons?camera,phone"` gives the inner SVG of just those lucide icons,
 * so that the capture bundle carries no picture it does not show. An unknown name stops the build.
 */
export function icons(): Plugin {
  return {
    name: "icons",
    resolveId: (id) => (id.startsWith(`${ID}?`) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${ID}?`)) return undefined;
      const names = id.slice(ID.length + 2).split(",");
      const inner = Object.fromEntries(names.map((name) => [name, drawing(name)]));
      return `export const icons = ${JSON.stringify(inner)};`;
    },
  };
}

function drawing(name: string): string {
  const svg = readFileSync(join(lucide, `${name}.svg`), "utf8");
  const start = svg.indexOf(">", svg.indexOf("<svg")) + 1;
  return svg.slice(start, svg.lastIndexOf("</svg>")).replace(/\s*\n\s*/g, "");
}
