import { expect, test } from "vitest";
import type { Dusk } from "../../../domain/wire";
import { duskBand } from "./dusk";

const NOVEMBER: Dusk = {
  date: "2026-11-20",
  sunrise: "2026-11-20T08:12:00+01:00",
  sunset: "2026-11-20T15:38:00+01:00",
  civil_dawn: "2026-11-20T07:28:00+01:00",
  civil_dusk: "2026-11-20T16:25:00+01:00",
};
const hour = (ms: number) => new Date(ms).toISOString().slice(11, 13);
const band = (from: string, to: string, sun = NOVEMBER, dawn: string | null = "2026-11-21T07:30:00+01:00") =>
  duskBand(from, to, sun, dawn, hour);

test("an evening in November is dark the whole walk", () => {
  const found = band("2026-11-20T19:00:00+01:00", "2026-11-20T20:30:00+01:00");
  expect(found.darkness).toBe("whole");
  expect(found.from).toBe("2026-11-20T13:00:00.000Z");
  expect(found.to).toBe("2026-11-20T21:00:00.000Z");
});

test("things stand where the clock puts them", () => {
  const found = band("2026-11-20T19:00:00+01:00", "2026-11-20T20:30:00+01:00");
  expect(found.walk.from).toBeCloseTo(5 / 8);
  expect(found.walk.to).toBeCloseTo(6.5 / 8);
  expect(found.sunset).toBeCloseTo((60 + 38) / 480);
  expect(found.dusk).toBeCloseTo((120 + 25) / 480);
  expect(found.hours).toHaveLength(9);
  expect(found.hours[0]).toEqual({ at: 0, hour: "13" });
  expect(found.hours.at(-1)?.at).toBe(1);
});

test("a walk through dusk is partly dark, counted in minutes", () => {
  const found = band("2026-11-20T16:00:00+01:00", "2026-11-20T17:00:00+01:00");
  expect([found.darkness, found.darkMinutes, found.minutes]).toEqual(["partly", 35, 60]);
});

test("an afternoon is light, and dusk that comes after it is still drawn", () => {
  const found = band("2026-11-20T13:00:00+01:00", "2026-11-20T14:30:00+01:00");
  expect(found.darkness).toBe("light");
  expect(found.dusk).not.toBeNull();
});

test("a summer evening without dusk says so instead of being drawn dark", () => {
  const june: Dusk = {
    date: "2026-06-20",
    sunrise: "2026-06-20T02:30:00+02:00",
    sunset: "2026-06-20T23:40:00+02:00",
    civil_dawn: null,
    civil_dusk: null,
  };
  const found = band("2026-06-20T20:00:00+02:00", "2026-06-20T21:30:00+02:00", june, null);
  expect(found.darkness).toBe("no_dusk");
  expect(found.dusk).toBeNull();
});

test("a night walk that goes on past dawn ends in light", () => {
  const june: Dusk = {
    date: "2026-06-20",
    sunrise: "2026-06-20T04:00:00+02:00",
    sunset: "2026-06-20T22:20:00+02:00",
    civil_dawn: "2026-06-20T02:50:00+02:00",
    civil_dusk: "2026-06-20T23:30:00+02:00",
  };
  const found = band("2026-06-20T23:00:00+02:00", "2026-06-21T04:00:00+02:00", june, "2026-06-21T02:50:00+02:00");
  expect([found.darkness, found.darkMinutes]).toEqual(["partly", 200]);
  expect(found.dawn).not.toBeNull();
});

test("an early walk before civil dawn is dark", () => {
  expect(band("2026-11-20T05:00:00+01:00", "2026-11-20T06:00:00+01:00").darkness).toBe("whole");
});

test("every mark lies inside the band", () => {
  for (let from = 0; from < 24; from++) {
    const two = (n: number) => String(n).padStart(2, "0");
    const found = band(`2026-11-20T${two(from)}:00:00+01:00`, `2026-11-20T${two(from)}:59:00+01:00`);
    const marks = [found.walk.from, found.walk.to, found.sunset ?? 0, found.dusk ?? 0, ...found.hours.map((h) => h.at)];
    expect(marks.every((at) => at >= 0 && at <= 1)).toBe(true);
  }
});
