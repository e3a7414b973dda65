import { setupI18n } from "@lingui/core";
import { expect, test } from "vitest";
import words from "./falt.words.json";

const sources = import.meta.glob<string>(["../falt/*.tsx", "../falt/*.ts"], {
  query: "?raw",
  import: "default",
  eager: true,
});
const code = Object.entries(sources)
  .filter(([path]) => !path.endsWith(".test.ts"))
  .map(([, text]) => text)
  .join("\n");
const ids = Object.keys(words);
const VALUES = {
  now: "mörkt",
  n: 2,
  hours: "dygnet runt",
  minutes: 2,
  clock: "20.40",
  area: "Örslösa",
  what: "stämning",
  evening: "i kväll",
  band: "6–15 personer",
  mood: "Lugn",
  action: "Samtal",
  number: "LK-4",
  place: "Torget",
  question: "Har du varit där?",
  title: "Trasig belysning",
  unit: "Gata och park",
  day: "måndag 23 november",
  has: "yes",
  answer: "Delvis",
};

const i18n = setupI18n();
i18n.loadAndActivate({ locale: "sv", messages: words });
const said = ids.map((id) => ({ id, text: i18n._(id, VALUES) }));

test("every text a screen asks for by name is in the catalogue", () => {
  const asked = [...code.matchAll(/\bt\(\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
  expect(asked.length).toBeGreaterThan(50);
  expect(asked.filter((id) => !ids.includes(id))).toEqual([]);
});

test("no text lies unused", () => {
  const families = [...code.matchAll(/`([a-z_.]+\.)\$\{/g)].map((match) => match[1] ?? "");
  // A group of choices names its family alone: `options(MOODS, "mood")`.
  const groups = [...code.matchAll(/options\(\w+, "(\w+)"\)/g)].map((match) => `${match[1]}.`);
  const named = (id: string) => code.includes(`"${id}"`) || [...families, ...groups].some((one) => id.startsWith(one));
  expect(ids.filter((id) => !named(id))).toEqual([]);
});

test("every text can be said, with figures and names put into it", () => {
  for (const { id, text } of said) {
    expect(text.trim(), id).not.toBe("");
    expect(text, id).not.toMatch(/[{}]|undefined|NaN/);
  }
});

test("the sentences are short and so are the words", () => {
  for (const { id, text } of said) {
    for (const sentence of text.split(/[.?!:]\s/)) expect(sentence.split(/\s+/).length, id).toBeLessThanOrEqual(14);
    for (const word of text.split(/[^\p{L}]+/u)) expect(word.length, `${id}: ${word}`).toBeLessThanOrEqual(18);
  }
  expect(lix(said.map(({ text }) => (/[.?!]$/.test(text) ? text : `${text}.`)).join(" "))).toBeLessThanOrEqual(30);
});

/** Words a sentence, plus the percentage of words longer than six letters. */
function lix(text: string): number {
  const all = text.match(/[\p{L}\d]+/gu) ?? [];
  const sentences = text.match(/[.?!:]/g) ?? [];
  return all.length / sentences.length + (100 * all.filter((word) => word.length > 6).length) / all.length;
}

test("nothing here is called synchronised, and nothing asks for a name of somebody seen", () => {
  expect(said.filter(({ text }) => /synk|misstänkt|gäng/i.test(text))).toEqual([]);
});
