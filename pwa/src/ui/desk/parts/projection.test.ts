import { expect, test } from "vitest";
import { lengthOf, project, scaleBar, WHOLE } from "./projection";

const LIDKOPING = [
  { lat: 58.5, lon: 13.15 },
  { lat: 58.51, lon: 13.17 },
];

test("all points lie inside the drawing, north up and east right", () => {
  const at = project(LIDKOPING, 800, 500, WHOLE);
  const [a, b] = LIDKOPING.map((p) => ({ x: at?.x(p.lon) ?? -1, y: at?.y(p.lat) ?? -1 }));
  expect(a?.x).toBeLessThan(b?.x ?? 0);
  expect(a?.y).toBeGreaterThan(b?.y ?? 0);
  for (const p of [a, b])
    expect((p?.x ?? -1) > 0 && (p?.x ?? 801) < 800 && (p?.y ?? -1) > 0 && (p?.y ?? 501) < 500).toBe(true);
});

test("a press on the drawing gives back the place that was pressed", () => {
  const at = project(LIDKOPING, 800, 500, { zoom: 3, east: 200, north: -50 });
  expect(at?.lat(at.y(58.505))).toBeCloseTo(58.505, 9);
  expect(at?.lon(at.x(13.16))).toBeCloseTo(13.16, 9);
});

test("one single point is drawn in the middle, and none is not drawn", () => {
  const at = project([{ lat: 58.5, lon: 13.15 }], 400, 200, WHOLE);
  expect([at?.x(13.15), at?.y(58.5)]).toEqual([200, 100]);
  expect(project([], 400, 200, WHOLE)).toBeNull();
});

test("the scale is a round number of metres", () => {
  expect(scaleBar(4).metres).toBe(200);
  expect(scaleBar(0.5).metres).toBe(50);
});

test("a hundredth of a degree north is eleven hundred metres", () => {
  expect(
    lengthOf([
      { lat: 58.5, lon: 13.15 },
      { lat: 58.51, lon: 13.15 },
    ]),
  ).toBe(1113);
});
