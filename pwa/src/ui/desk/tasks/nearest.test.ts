import { expect, test } from "vitest";
import { byDistance, farWords, fromNearest, metresBetween } from "./nearest";

const SQUARE = { id: "1", name: "Torget", lat: 58.5, lon: 13.15 };
const SCHOOL = { id: "2", name: "Skolan", lat: 58.6, lon: 13.15 };

test.each([
  [0.01, 0, "n"],
  [0.01, 0.0191, "ne"],
  [0, 0.02, "e"],
  [-0.01, 0, "s"],
  [-0.01, -0.0191, "sw"],
  [0, -0.02, "w"],
] as const)("%s north and %s east of a place is %s of it", (north, east, way) => {
  const it = { lat: SQUARE.lat + north, lon: SQUARE.lon + east };

  expect(fromNearest(it, [SCHOOL, SQUARE])).toMatchObject({ name: "Torget", way });
});

test("a degree of latitude is 111 km, and without places nothing is near", () => {
  expect(Math.round(fromNearest({ lat: 58.51, lon: 13.15 }, [SQUARE])?.metres ?? 0)).toBe(1113);
  expect(fromNearest(SQUARE, [])).toBeNull();
});

test("how far is said in round figures", () => {
  expect([160, 949, 951, 1234, 12_000].map(farWords)).toEqual(["200 m", "900 m", "1 km", "1,2 km", "12 km"]);
});

test("the nearest comes first, and what has no place last in the order it came", () => {
  expect(Math.round(metresBetween(SQUARE, SCHOOL))).toBe(11132);
  expect(
    byDistance([
      { metres: null, n: 1 },
      { metres: 30, n: 2 },
      { metres: null, n: 3 },
      { metres: 4, n: 4 },
    ]),
  ).toEqual([4, 2, 1, 3].map((n) => expect.objectContaining({ n })));
});
