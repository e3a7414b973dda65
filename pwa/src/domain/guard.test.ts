import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { EXPLAIN, inspect, type Span, type Verdict } from "./guard.ts";

interface Vector {
  id: string;
  text: string;
  verdict: Verdict;
  spans: Span[]; // in code points
}

const ROOT = new URL("../../../", import.meta.url);
const read = (path: string) => readFileSync(new URL(path, ROOT), "utf8");
const VECTORS: Vector[] = read("tests/guard/vectors.jsonl")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

/** The vectors count code points, the browser's strings UTF-16 units. */
function inUnits(text: string, spans: Span[]): Span[] {
  const units = (points: number) => [...text].slice(0, points).join("").length;
  return spans.map(({ start, end, kind }) => ({ start: units(start), end: units(end), kind }));
}

test.each(VECTORS)("vector $id gets its verdict and its spans", ({ text, verdict, spans }) => {
  expect(inspect(text)).toEqual({ verdict, spans: inUnits(text, spans) });
});

test("phone and server run the same rules", () => {
  expect(read("pwa/src/domain/guard-rules.json")).toBe(read("trygghetsvandring/domain/guard_rules.json"));
});

test("every kind explains itself and says what to do next", () => {
  for (const { what, next } of Object.values(EXPLAIN)) {
    expect(what).toMatch(/^\p{Lu}.+\.$/u);
    expect(next).toMatch(/^\p{Lu}.+\.$/u);
  }
});

test("the place of a find is counted in the browser's own units, also after an emoji", () => {
  const text = "😀 Ring 070-123 45 67";
  const [span] = inspect(text).spans;
  expect(text.slice(span?.start, span?.end)).toBe("070-123 45 67");
});

test("any text is answered with spans inside it, in order and apart", () => {
  const piece = fc.constantFrom(
    "8507",
    "09-9805",
    "070",
    "@a",
    " heter A",
    "\u0301",
    "\u200b",
    "ﷺ",
    "\ud83d",
    "İ",
    "\n",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ unit: "binary" })), { maxLength: 30 }), (pieces) => {
      const text = pieces.join("");
      const { spans, verdict } = inspect(text);
      const edges = spans.flatMap(({ start, end }) => [start, end]);
      expect(edges).toEqual([...edges].sort((a, b) => a - b));
      for (const { start, end } of spans) expect(start < end && end <= text.length).toBe(true);
      expect(verdict === "ok").toBe(spans.length === 0);
    }),
  );
});

test("asking twice gives the same answer: no pattern remembers where it was", () => {
  for (const { text } of VECTORS) expect(inspect(text)).toEqual(inspect(text));
});
