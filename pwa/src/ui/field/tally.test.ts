import { expect, test } from "vitest";
import type { CategoryState } from "../../domain/wire";
import { tally } from "./tally";

const KINDS: Record<string, CategoryState["kind"]> = { dark: "F", litter: "M", music: "S", good: "P", feels: "U" };
const found = (category: string | null, photos = 0) => ({ category, photos: Array(photos).fill("photo") });
const count = (...findings: ReturnType<typeof found>[]) =>
  tally(findings, (category) => (category === null ? undefined : KINDS[category]));

test("a gathering, music or a feeling is never counted as a fault", () => {
  expect(count(found("music"), found("feels"))).toEqual({ photos: 0, faults: 0, good: 0, others: 2 });
});

test("what is broken is a fault, what is good is kept, and every photo counts", () => {
  expect(count(found("dark", 2), found("litter", 1), found("good"))).toEqual({
    photos: 3,
    faults: 2,
    good: 1,
    others: 0,
  });
});

test("a finding nobody has named yet is not called a fault", () => {
  expect(count(found(null, 1), found("a category of tomorrow"))).toEqual({ photos: 1, faults: 0, good: 0, others: 2 });
});
