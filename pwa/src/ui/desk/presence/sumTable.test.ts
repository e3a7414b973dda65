import { expect, test } from "vitest";
import { tableOf, weekOf } from "./sumTable";

test("a week is seven evenings from Monday", () => {
  expect(weekOf("2026-11-20")).toEqual([
    "2026-11-16",
    "2026-11-17",
    "2026-11-18",
    "2026-11-19",
    "2026-11-20",
    "2026-11-21",
    "2026-11-22",
  ]);
});

test("an evening when nobody was out is empty, and is not counted as observed", () => {
  const evenings = weekOf("2026-11-20");
  const sums = [
    { area: "Margretelund", evening: "2026-11-20", passes: 2, people: "6–15", moods: { calm: 1 } },
    { area: "Margretelund", evening: "2026-11-21", passes: 0, people: "–", moods: null },
    { area: "Järpås", evening: "2026-11-20", passes: 1, people: "färre än 5", moods: null },
  ];
  const [first, second] = tableOf(sums, evenings);
  expect([first?.area, second?.area]).toEqual(["Järpås", "Margretelund"]);
  expect(second?.observed).toBe(1);
  expect(second?.cells[4]?.people).toBe("6–15");
  expect(second?.cells[5]).toBeNull();
});
