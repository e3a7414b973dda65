import { expect, test } from "vitest";
import { blockName, heat } from "./names";

test("a block of hours goes past midnight", () => {
  expect([blockName(20), blockName(22), blockName(0), blockName(22, 3)]).toEqual(["20–22", "22–00", "00–02", "22–01"]);
});

test("nothing seen and nobody out are both drawn without heat, and the most with all of it", () => {
  expect([heat(null, 9), heat(0, 9), heat(1, 9), heat(4, 9), heat(9, 9), heat(0, 0)]).toEqual([0, 0, 1, 2, 3, 0]);
});
