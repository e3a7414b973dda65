import { expect, test } from "vitest";
import { projectionOf, scaleBar, softLine } from "./projection";

const FRAME = { width: 390, height: 300, padding: 30 };
const WALK = [
  { lat: 58.5, lon: 13.15 },
  { lat: 58.506, lon: 13.152 },
  { lat: 58.509, lon: 13.168 },
];

test("every stop lands inside the frame, and north is up", () => {
  const { point } = projectionOf(WALK, FRAME);
  for (const p of WALK.map(point)) {
    expect(p.x).toBeGreaterThanOrEqual(30 - 1e-6);
    expect(p.x).toBeLessThanOrEqual(360 + 1e-6);
    expect(p.y).toBeGreaterThanOrEqual(30 - 1e-6);
    expect(p.y).toBeLessThanOrEqual(270 + 1e-6);
  }
  expect(point(WALK[2] ?? FAIL).y).toBeLessThan(point(WALK[0] ?? FAIL).y);
});
const FAIL = { lat: Number.NaN, lon: Number.NaN };

test("a tap on the drawing comes back as the same place", () => {
  const { point, place } = projectionOf(WALK, FRAME);
  const there = { lat: 58.5031, lon: 13.1572 };
  const again = place(point(there));
  expect(again.lat).toBeCloseTo(there.lat, 9);
  expect(again.lon).toBeCloseTo(there.lon, 9);
});

test("a hundred metres east is as long as a hundred metres north", () => {
  const { point, scale } = projectionOf(WALK, FRAME);
  const from = { lat: 58.5045, lon: 13.159 };
  const north = point({ lat: from.lat + 100 / 111_320, lon: from.lon });
  const east = point({ lat: from.lat, lon: from.lon + 100 / (111_320 * Math.cos((58.5045 * Math.PI) / 180)) });
  expect(point(from).y - north.y).toBeCloseTo(100 * scale, 3);
  expect(east.x - point(from).x).toBeCloseTo(100 * scale, 3);
});

test("one stop, or none, still gives a drawing", () => {
  expect(projectionOf(WALK.slice(0, 1), FRAME).point(WALK[0] ?? FAIL)).toEqual({ x: 195, y: 150 });
  expect(Number.isFinite(projectionOf([], FRAME).scale)).toBe(true);
});

test("the line goes through every stop", () => {
  expect(softLine([])).toBe("");
  expect(
    softLine([
      { x: 1, y: 2 },
      { x: 3, y: 4 },
      { x: 9, y: 9 },
    ]),
  ).toMatch(/^M1\.0 2\.0C.* 3\.0 4\.0C.* 9\.0 9\.0$/);
});

test("the scale says a round number of metres that fits", () => {
  expect(scaleBar(0.2, 90)).toEqual({ metres: 200, width: 40 });
  expect(scaleBar(2, 90)).toEqual({ metres: 20, width: 40 });
});
