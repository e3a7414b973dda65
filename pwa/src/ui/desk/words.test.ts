import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const here = fileURLToPath(new URL(".", import.meta.url));
const catalogue = JSON.parse(readFileSync(join(here, "../words/desk.words.json"), "utf8")) as Record<string, string>;
const sources = readdirSync(here, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name) && !name.includes(".test."))
  .map((name) => readFileSync(join(here, name), "utf8"))
  .join("\n");

/** Ids asked for by `t("…")`, and the fixed beginnings and ends of those put together in a template. */
const plain = [...sources.matchAll(/\bt\("([^"]+)"/g)].map((found) => found[1] ?? "");
const built = [...sources.matchAll(/\bt\(`([^`]*?)\$\{(?:[^{}]|\{[^{}]*\})*\}([^`$]*)/g)].map(
  (found) => [found[1] ?? "", found[2] ?? ""] as const,
);
const chosen = [...sources.matchAll(/\? "([a-z_]+(?:\.[a-z_]+)+)" : "([a-z_]+(?:\.[a-z_]+)+)"/g)].flatMap((found) => [
  found[1] ?? "",
  found[2] ?? "",
]);

test("every text a screen asks for is in the catalogue", () => {
  expect(plain.length).toBeGreaterThan(200);
  expect([...plain, ...chosen].filter((id) => !(id in catalogue))).toEqual([]);
  expect(built.filter(([start]) => !Object.keys(catalogue).some((id) => id.startsWith(start)))).toEqual([]);
});

test("no text lies in the catalogue that no screen asks for", () => {
  const asked = (id: string) =>
    plain.includes(id) ||
    chosen.includes(id) ||
    built.some(([start, end]) => id.startsWith(start) && id.endsWith(end) && id.length > start.length + end.length);
  expect(Object.keys(catalogue).filter((id) => !asked(id))).toEqual([]);
});

test("no word on a button is longer than eighteen letters", () => {
  const buttons = Object.entries(catalogue).filter(
    ([id]) => /^(act|arrow|decide|bulk)\./.test(id) && !/means|done|help|why/.test(id),
  );
  const long = buttons.flatMap(([, text]) => text.split(/[^\p{L}]+/u)).filter((word) => word.length > 18);
  expect(long).toEqual([]);
});
