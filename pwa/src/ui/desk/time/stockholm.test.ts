import { expect, test } from "vitest";
import { addDays, dateIn, endOfWeek, instantOf, shortDate } from "./stockholm";

test("a time typed at the desk is Sweden's own, winter and summer", () => {
  expect(instantOf("2026-11-20", "19:00")).toBe("2026-11-20T19:00:00+01:00");
  expect(instantOf("2026-06-20", "22:30")).toBe("2026-06-20T22:30:00+02:00");
});

test("the night the clocks change is walked at the hour that was written", () => {
  expect(instantOf("2026-10-25", "01:30")).toBe("2026-10-25T01:30:00+02:00");
  expect(instantOf("2026-10-25", "02:30")).toBe("2026-10-25T02:30:00+02:00");
  expect(instantOf("2026-10-25", "04:00")).toBe("2026-10-25T04:00:00+01:00");
  expect(instantOf("2026-03-29", "01:30")).toBe("2026-03-29T01:30:00+01:00");
  expect(instantOf("2026-03-29", "02:30")).toBe("2026-03-29T03:30:00+02:00");
});

test("half past midnight in Sweden is already the next day", () => {
  expect(dateIn("2026-11-29T23:30:00Z")).toBe("2026-11-30");
});

test("a week ends on its Sunday", () => {
  expect(endOfWeek("2026-11-23")).toBe("2026-11-29");
  expect(endOfWeek("2026-11-29")).toBe("2026-11-29");
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
});

test("a day is short in a table", () => {
  expect(shortDate("2026-11-26")).toBe("26 nov");
});
