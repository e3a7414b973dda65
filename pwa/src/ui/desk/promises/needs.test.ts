import { expect, test } from "vitest";
import { addMet, rowsOf } from "./needs";

const FRIDAY = { area: "Lidköping", place: "Torget", weekday: 4, block: 22 };
const SLOT = { ...FRIDAY, n: 8, evenings: 0, names: ["Musik"] };

test("what is met stands beside its need, and a need that is none any more is still there", () => {
  const gone = { ...FRIDAY, weekday: 2, commitment: "b" };
  const rows = rowsOf({ period: null, slots: [SLOT], met: [{ ...FRIDAY, commitment: "a" }, gone], commitments: [] });
  expect(rows.map((row) => [row.at.weekday, row.slot?.n, row.met])).toEqual([
    [4, 8, ["a"]],
    [2, undefined, ["b"]],
  ]);
});

test("the same is linked once, without what only the table needs", () => {
  const once = addMet([], SLOT, "a");
  expect(once).toEqual([{ ...FRIDAY, commitment: "a" }]);
  expect(addMet(once, SLOT, "a")).toEqual(once);
});
