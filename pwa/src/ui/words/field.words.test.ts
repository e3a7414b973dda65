import { setupI18n } from "@lingui/core";
import { expect, test } from "vitest";
import atStart from "./field.words.json";
import whenJoining from "./field-join.words.json";
import later from "./field-later.words.json";
import tablet from "./field-tablet.words.json";

const sources = import.meta.glob<string>(["../field/**/*.tsx", "../field/*.ts"], {
  query: "?raw",
  import: "default",
  eager: true,
});
const code = Object.values(sources).join("\n");
const words = { ...atStart, ...whenJoining, ...later, ...tablet };
const ids = Object.keys(words);
const FILL: Record<string, unknown> = {
  alias: "alias",
  all: 2,
  clock: "clock",
  day: "day",
  has: "yes",
  km: "km",
  leader: "leader",
  lit: 2,
  mb: "mb",
  metres: 2,
  n: 2,
  name: "name",
  now: "now",
  number: "number",
  people: 2,
  percent: 2,
  photos: 2,
  place: "place",
  stops: 2,
  templates: 2,
  there: 2,
  unit: "unit",
  where: "where",
  who: "who",
  word: "word",
  "\u00c5tg\u00e4rdat": "\u00c5tg\u00e4rdat",
};

test("every text a screen asks for by name is in the catalogue", () => {
  const asked = [...code.matchAll(/\bt\(\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
  expect(asked.length).toBeGreaterThan(100);
  expect(asked.filter((id) => !ids.includes(id))).toEqual([]);
});

/** What comes with a file: itself and everything it imports at once. */
function comesWith(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const imports = (sources[file] ?? "").matchAll(/^(?:import|export) (?!type )[^;]*? from "\.\/([\w-]+)";/gm);
  for (const [, name] of imports) {
    const found = [`../field/${name}.tsx`, `../field/${name}.ts`].find((path) => path in sources);
    if (found) comesWith(found, seen);
  }
  return seen;
}

const spoken = (files: Iterable<string>) => {
  const text = [...files].map((file) => sources[file]).join("\n");
  const families = [...text.matchAll(/\bt\(\s*`([^`$]+)\$\{/g)].map((match) => match[1] ?? "");
  const plain = [...text.matchAll(/\bt\(\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
  return [...plain, ...ids.filter((id) => families.some((family) => id.startsWith(family)))];
};

test.each([
  ["the start", "main.tsx", [atStart]],
  ["the invitation", "join.ts", [atStart, whenJoining]],
  ["the later screens", "later.ts", [atStart, later]],
] as const)("%s asks for no words that are in another file", (_, file, catalogues) => {
  const here = new Set(catalogues.flatMap((catalogue) => Object.keys(catalogue)));
  const asked = spoken(comesWith(`../field/${file}`));
  expect(asked.length).toBeGreaterThan(30);
  expect(asked.filter((id) => !here.has(id))).toEqual([]);
});

test.each([
  ["the start", "main.tsx", ["icons.ts"]],
  ["the invitation", "join.ts", ["icons.ts", "join.ts"]],
  ["the later screens", "later.ts", ["icons.ts", "later.ts"]],
] as const)("%s draws nothing that is in another file", (_, file, holders) => {
  const drawn = holders.flatMap((holder) =>
    /virtual:icons\?([\w,-]+)/.exec(sources[`../field/${holder}`] ?? "")?.[1]?.split(","),
  );
  const text = [...comesWith(`../field/${file}`)].map((path) => sources[path]).join("\n");
  const asked = [...text.matchAll(/(?:icon="|drawing\(")([a-z0-9-]+)"/g)].map((match) => match[1]);
  expect(asked.length).toBeGreaterThan(5);
  expect(asked.filter((name) => !drawn.includes(name))).toEqual([]);
});

test("no text is in two files", () => {
  const all = [atStart, whenJoining, later].flatMap((catalogue) => Object.keys(catalogue));
  expect(all.filter((id, i) => all.indexOf(id) !== i)).toEqual([]);
});

test("every family of texts a screen chooses from exists", () => {
  const families = [...code.matchAll(/\bt\(\s*`([^`$]+)\$\{/g)].map((match) => match[1] ?? "");
  expect(families.length).toBeGreaterThan(10);
  expect(families.filter((family) => !ids.some((id) => id.startsWith(family)))).toEqual([]);
});

test("no text lies unused", () => {
  const families = [...code.matchAll(/`([a-z_.]+)\$\{/g)].map((match) => match[1] ?? "");
  const named = (id: string) => code.includes(`"${id}"`) || families.some((family) => id.startsWith(family));
  expect(ids.filter((id) => !named(id))).toEqual([]);
});

test("every text can be said, with figures and names put into it", () => {
  const i18n = setupI18n();
  i18n.loadAndActivate({ locale: "sv", messages: words });
  for (const id of ids) {
    const names = Object.keys(FILL);
    const said = i18n._(id, Object.fromEntries(names.map((name) => [name, FILL[name]])));
    expect(said.trim(), id).not.toBe("");
    expect(said, id).not.toMatch(/[{}]|undefined|NaN/);
  }
});

test("texts keep to one and many", () => {
  const i18n = setupI18n();
  i18n.loadAndActivate({ locale: "sv", messages: words });
  expect(i18n._("chip.n", { n: 1 })).toBe("1 sak");
  expect(i18n._("chip.n", { n: 9 })).toBe("9 saker");
  expect(i18n._("tonight.here", { n: 4, place: "Margretelund" })).toBe("Margretelund ikväll. Ni är 4.");
  expect(i18n._("reply.planned", { has: "no", day: "", unit: "Gata och park" })).toBe("Planerat. Hos Gata och park.");
});
