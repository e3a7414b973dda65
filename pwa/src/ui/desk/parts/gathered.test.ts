import { expect, test } from "vitest";
import { closer, filledBy, gathered } from "./gathered";
import { project, WHOLE } from "./projection";

const size = { width: 600, height: 600 };
const town = Array.from({ length: 500 }, (_, i) => ({
  id: i,
  lat: 58.5 + (i % 25) / 1000,
  lon: 13.1 + (i % 20) / 500,
}));

test("every mark of the whole drawing is in exactly one group", () => {
  const at = project(town, size.width, size.height, WHOLE);
  if (!at) throw new Error("nothing to draw");
  const groups = gathered(town, at, size);

  expect(groups.flatMap((group) => group.marks.map((mark) => mark.id)).sort((a, b) => a - b)).toEqual(
    town.map((mark) => mark.id),
  );
  expect(groups.length).toBeLessThan(150);
});

test("going closer puts the group in the middle and parts what was together", () => {
  const two = [
    { lat: 58.5, lon: 13.1 },
    { lat: 58.5001, lon: 13.1001 },
    { lat: 58.52, lon: 13.2 },
  ];
  let view = WHOLE;
  let at = project(two, size.width, size.height, view);
  let [first] = at ? gathered(two, at, size) : [];
  expect(first?.marks).toHaveLength(2);
  for (let i = 0; i < 6 && at && first; i++) {
    view = closer(view, at, first, size);
    at = project(two, size.width, size.height, view);
    const near = at ? gathered(two, at, size) : [];
    first = near.sort((a, b) => Math.hypot(a.x - 300, a.y - 300) - Math.hypot(b.x - 300, b.y - 300))[0];
    expect(first && Math.hypot(first.x - 300, first.y - 300)).toBeLessThan(120);
  }
  expect(first?.marks).toHaveLength(1);
});

test("a box that is gone to lies in the middle and fills the drawing, and at one spot one comes closer all the same", () => {
  const whole = project(town, size.width, size.height, WHOLE);
  if (!whole) throw new Error("nothing to draw");
  const box = { south: 58.505, west: 13.105, north: 58.51, east: 13.11 };

  const view = filledBy(box, whole, WHOLE, size);
  const at = project(town, size.width, size.height, view);
  const spot = filledBy({ ...box, north: box.south, east: box.west }, whole, { ...WHOLE, zoom: 300 }, size);

  expect(at && (at.x(box.west) + at.x(box.east)) / 2).toBeCloseTo(300, 0);
  expect(at && at.y(box.south) - at.y(box.north)).toBeCloseTo(480, 0);
  expect(spot.zoom).toBe(400);
});
