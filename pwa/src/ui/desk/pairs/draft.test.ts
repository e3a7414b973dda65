import { expect, test } from "vitest";
import { bodyOf, EMPTY, twoOf } from "./draft";

const words = { beforeWords: " Mörkt. ", afterWords: "Ljust.", name: "Kim T " };
const whole = { ...EMPTY, ...words, before: "a", after: "b", looked: "a b" };

test("nothing is sent before both photos, both words, a name and the tick are there", () => {
  expect(bodyOf(EMPTY, "t", 1)).toBeNull();
  for (const missing of Object.keys(whole)) expect(bodyOf({ ...whole, [missing]: " " }, "t", 1)).toBeNull();
  const said = { before_words: "Mörkt.", after_words: "Ljust.", name: "Kim T" };
  expect(bodyOf(whole, "t", 3)).toEqual({ task: "t", before: "a", after: "b", ...said, looked: true, seen: 3 });
});

test("a tick holds for the two photos that were looked at and for no others", () => {
  expect(bodyOf({ ...whole, after: "c" }, "t", 1)).toBeNull();
  expect(bodyOf({ ...whole, after: "c", looked: twoOf({ ...whole, after: "c" }) }, "t", 1)?.after).toBe("c");
});
