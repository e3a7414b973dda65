import { expect, test } from "vitest";
import { daysOf, lastMonth, monthName, whenOf } from "./when";

test("a month has its own last day", () => {
  expect(daysOf("2028-02")).toEqual({ first: "2028-02-01", last: "2028-02-29" });
  expect(daysOf("2026-12")).toEqual({ first: "2026-12-01", last: "2026-12-31" });
});

test("a day is a day and a month is a month", () => {
  expect(monthName("2026-11-01")).toBe("november 2026");
  expect(whenOf({ first: "2026-11-01", last: "2026-11-30" })).toBe("november 2026");
  expect(whenOf({ first: "2026-11-10", last: "2026-11-10" })).toContain("10 november");
});

test("visits are told of the last month that is whole", () => {
  expect(lastMonth("2026-11-20")).toBe("2026-10");
  expect(lastMonth("2027-01-01")).toBe("2026-12");
});
