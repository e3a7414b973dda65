import { expect, test } from "vitest";
import { isOwn, type Words, wordsOf } from "./draft";

const draft = (text: string): Words => ({ texts: [{ heading: "otrygghet", text }], crime: null, focus: [] });

test("a draft that says what was read, or what was just sent, is nobody else's", () => {
  expect(isOwn(draft("Mörkt."), wordsOf(draft("Mörkt.")), null)).toBe(true);
  expect(isOwn(draft("Ljust."), wordsOf(draft("Mörkt.")), wordsOf(draft("Ljust. ")))).toBe(true);
});

test("a draft that says something else was written by somebody else meanwhile", () => {
  expect(isOwn(draft("Deras."), wordsOf(draft("Mörkt.")), null)).toBe(false);
  expect(isOwn(draft("Deras."), wordsOf(draft("Mörkt.")), wordsOf(draft("Min.")))).toBe(false);
});

test("what the server adds, and headings without words, change nothing", () => {
  const crime = { text: "Färre.", source: "Statistik", told_by: "Kommunpolis", told_on: "2026-12-01" };
  const kept = { ...draft("A"), crime: { ...crime, entered_by: "Samordnare" } };
  const empty = { heading: "samverkan", text: "" } as const;

  expect(wordsOf({ ...draft("A"), crime, texts: [...draft("A").texts, empty] })).toBe(wordsOf(kept));
});
