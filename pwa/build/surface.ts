import { fileURLToPath } from "node:url";
import { defineConfig, type PluginOption, type UserConfig } from "vite";
import { VitePWA, type VitePWAOptions } from "vite-plugin-pwa";
import { faces } from "./faces.ts";
import { icons } from "./icons.ts";
import { styles } from "./styles.ts";
import { words } from "./words.ts";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export interface Surface {
  /** Folder with index.html, and the name of the surface. */
  name: "field" | "desk" | "falt";
  base: string;
  /** Path under `static/`. */
  out: string;
  /** Shown when installed; a surface without it works on line only. */
  installed?: { name: string; short_name: string; worker: string };
  /** A worker for one page of a surface that is not installed. */
  worker?: string;
}

/** One surface is one build: the capture bundle never shares a chunk with the desk. */
export function surface({ name, base, out, installed, worker }: Surface): UserConfig {
  const plugins: PluginOption[] = [icons(), styles(), words()];
  if (installed) plugins.push(offline(installed.worker, manifestOf(base, installed)));
  else if (worker) plugins.push(offline(worker, false));
  return defineConfig({
    root: at(`../${name}`),
    base,
    publicDir: at("../public"),
    plugins,
    worker: { plugins: () => [faces()] },
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      outDir: at(`../../trygghetsvandring/static/${out}`),
      emptyOutDir: true,
      target: ["chrome110", "safari16.4"],
      modulePreload: { polyfill: false },
      rolldownOptions: { output: { codeSplitting: { groups: [{ name: atStart }] } } },
    },
  });
}

interface Graph {
  getModuleInfo(id: string): { isEntry: boolean; importers: string[] } | null;
}

/** Everything a page needs before its first paint is one file: a cold start waits for each further one. */
function atStart(id: string, graph: Graph): string | null {
  const seen = new Set<string>();
  const waiting = [id];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    const module = graph.getModuleInfo(at);
    if (module?.isEntry) return "start";
    waiting.push(...(module?.importers ?? []));
  }
  return null;
}

function offline(worker: string, manifest: VitePWAOptions["manifest"]): PluginOption {
  return VitePWA({
    strategies: "injectManifest",
    srcDir: at("../src/sw"),
    filename: worker,
    registerType: "prompt",
    injectRegister: false,
    injectManifest: { globPatterns: ["**/*.{js,css,html,svg,png,woff2,webmanifest}"] },
    manifest,
  });
}

function manifestOf(base: string, installed: NonNullable<Surface["installed"]>): VitePWAOptions["manifest"] {
  return {
    name: installed.name,
    short_name: installed.short_name,
    lang: "sv",
    start_url: base,
    scope: base,
    display: "standalone",
    background_color: "#0B121D",
    theme_color: "#0B121D",
    icons: [
      { src: `${base}icon-192.png`, sizes: "192x192", type: "image/png" },
      { src: `${base}icon-512.png`, sizes: "512x512", type: "image/png" },
      { src: `${base}icon-maskable-512.png`, sizes: "512x512", type: "image/png", purpose: "maskable" },
    ],
  };
}
