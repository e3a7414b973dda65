import { expect, test } from "vitest";
import words from "./field.words.json";

const sources = import.meta.glob<string>(["../field/*.tsx", "../field/*.ts"], { query: "?raw", import: "default", eager: true });
const code = Object.values(sources).join("\n");
const ids = Object.keys(words);

test("every text a screen asks for by name is in the catalogue", () => {
  const asked = [...code.matchAll(/\bt\(\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
  expect(asked.length).toBeGreaterThan(100);
  expect(asked.filter((id) => !ids.includes(id))).toEqual([]);
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
