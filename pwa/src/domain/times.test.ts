import fc from "fast-check";
import { expect, test } from "vitest";
import { clock, dayOf, dayWords, eveningOf, nowInstant } from "./times";

test.each([
  ["20.41 on a Friday", "2026-11-20T20:41:00+01:00", "2026-11-20"],
  ["half past one at night belongs to the evening before", "2026-11-21T01:30:00+01:00", "2026-11-20"],
  ["a minute before six still does", "2026-11-21T05:59:00+01:00", "2026-11-20"],
  ["six in the morning is a new day", "2026-11-21T06:00:00+01:00", "2026-11-21"],
  ["the phone's zone does not matter", "2026-11-20T23:30:00Z", "2026-11-20"],
  ["New Year's night belongs to the old year", "2027-01-01T03:00:00+01:00", "2026-12-31"],
  ["02.30 the first time, in the night with 25 hours", "2026-10-25T02:30:00+02:00", "2026-10-24"],
  ["02.30 the second time", "2026-10-25T02:30:00+01:00", "2026-10-24"],
  ["the night with 23 hours", "2026-03-29T03:30:00+02:00", "2026-03-28"],
])("%s", (_, at, evening) => {
  expect(eveningOf(at)).toBe(evening);
  expect(eveningOf(new Date(at))).toBe(evening);
});

test("clock and day read as Swedes write them", () => {
  expect(clock("2026-11-20T20:41:09+01:00")).toBe("20.41");
  expect(clock("2026-11-20T23:05:00Z")).toBe("00.05");
  expect(dayWords("2026-11-20")).toBe("fredag 20 november");
  expect(dayWords("2026-11-20T23:30:00Z")).toBe("lördag 21 november");
});

test("now is the same moment, with an offset", () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date("2020-01-01"), max: new Date("2040-01-01"), noInvalidDate: true }),
      (moment) => {
        const said = nowInstant(moment);
        expect(said).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/);
        expect(Date.parse(said)).toBe(moment.getTime());
      },
    ),
  );
});

test("half past two twice is two moments, each with the offset it had", () => {
  const zone = process.env.TZ;
  process.env.TZ = "Europe/Stockholm";
  try {
    const first = new Date("2026-10-25T00:30:00Z");
    expect(nowInstant(first)).toBe("2026-10-25T02:30:00.000+02:00");
    expect(nowInstant(new Date(first.getTime() + 3_600_000))).toBe("2026-10-25T02:30:00.000+01:00");
  } finally {
    process.env.TZ = zone ?? "";
    if (zone === undefined) delete process.env.TZ;
  }
});

test("a day begins at midnight in Stockholm, also when the evening goes on", () => {
  expect(dayOf("2026-11-22T23:05:00Z")).toBe("2026-11-23");
  expect(eveningOf("2026-11-22T23:05:00Z")).toBe("2026-11-22");
});
