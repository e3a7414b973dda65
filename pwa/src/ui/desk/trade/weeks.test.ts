import { expect, test } from "vitest";
import type { TradeShop } from "../../../domain/wire";
import { asNumber, barsOf, mostOf, weekNumber } from "./weeks";

test("a nought and what nobody told are two things", () => {
  expect(barsOf([0, null, undefined, 8, 1], 8).map((bar) => [bar.n, bar.height])).toEqual([
    [0, 0],
    [null, 0],
    [null, 0],
    [8, 60],
    [1, 8],
  ]);
  expect(asNumber("0")).toBe(0);
  expect(asNumber(" 12 ")).toBe(12);
  for (const typed of ["", "-1", "7 st", "1000"]) expect(asNumber(typed)).toBe(null);
});

test("a week is called by its number", () => {
  expect(weekNumber("2026-W07")).toBe(7);
});

test("all shops are drawn in one scale", () => {
  const week = (stold: number | null) => ({ id: "w", version: 1, numbers: { stold }, told: [] });
  const shops: TradeShop[] = [
    { id: "a", name: "A", weeks: [week(9), week(null)] },
    { id: "b", name: "B", weeks: [week(3)] },
  ];
  expect(mostOf(shops, "stold")).toBe(9);
  expect(mostOf(shops, "hot")).toBe(0);
});
