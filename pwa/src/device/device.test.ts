import { describe, expect, test } from "vitest";
import { troubleOf } from "./camera";
import { fit, NotAPicture } from "./develop";
import { boxBetween, moved, newBox, nudged, stretched, wholeBlocks } from "./mask";
import { accuracyWord, metresBetween, positionFor } from "./position";

const PHOTO = { width: 2000, height: 1500 };
const TUNNEL = { lat: 58.5, lon: 13.16 };

describe("shrinking", () => {
  test("a large photo keeps its shape with the longest side at 2048", () => {
    expect(fit(4032, 3024)).toEqual({ width: 2048, height: 1536 });
    expect(fit(3024, 4032)).toEqual({ width: 1536, height: 2048 });
  });
  test("a small photo is never enlarged, and a thread-thin one never vanishes", () => {
    expect(fit(640, 480)).toEqual({ width: 640, height: 480 });
    expect(fit(100_000, 3)).toEqual({ width: 2048, height: 1 });
  });
  test("what has no width or no height is no photo", () => {
    for (const [width, height] of [
      [0, 0],
      [0, 480],
      [640, 0],
      [Number.NaN, 480],
    ] as const)
      expect(() => fit(width, height)).toThrow(NotAPicture);
  });
});

describe("mask boxes", () => {
  test("a box is the same whichever corner the finger began in", () => {
    const one = boxBetween({ x: 100, y: 200 }, { x: 400, y: 900 }, PHOTO);
    expect(boxBetween({ x: 400, y: 900 }, { x: 100, y: 200 }, PHOTO)).toEqual(one);
    expect(one).toEqual({ x: 100, y: 200, width: 300, height: 700 });
  });
  test("a box drawn past the edge ends at the edge", () => {
    expect(boxBetween({ x: 1900, y: 1400 }, { x: 2600, y: 1900 }, PHOTO)).toEqual({
      x: 1900,
      y: 1400,
      width: 100,
      height: 100,
    });
  });
  test("a tap is not a box", () => {
    expect(boxBetween({ x: 500, y: 500 }, { x: 503, y: 502 }, PHOTO)).toBeNull();
  });
  test("the arrows can never push a box out of the photo", () => {
    let box = newBox(PHOTO);
    for (let i = 0; i < 60; i++) box = nudged(box, "right", PHOTO);
    expect(box.x + box.width).toBe(PHOTO.width);
    for (let i = 0; i < 60; i++) box = nudged(box, "taller", PHOTO);
    expect([box.y, box.height]).toEqual([0, PHOTO.height]);
  });
  test("a box made smaller again and again still hides something", () => {
    let box = newBox(PHOTO);
    for (let i = 0; i < 60; i++) box = nudged(nudged(box, "narrower", PHOTO), "lower", PHOTO);
    expect(box.width).toBeGreaterThan(0);
    expect(box.height).toBeGreaterThan(0);
  });
  test("a finger carries a box to the edge and no further", () => {
    const box = { x: 100, y: 200, width: 300, height: 400 };
    expect(moved(box, { x: 50, y: -80 }, PHOTO)).toEqual({ ...box, x: 150, y: 120 });
    expect(moved(box, { x: -900, y: 9_000 }, PHOTO)).toEqual({ ...box, x: 0, y: PHOTO.height - 400 });
  });
  test("a corner is pulled out to the edge, and in until something is still hidden", () => {
    const box = { x: 100, y: 200, width: 300, height: 400 };
    expect(stretched(box, { x: 500, y: 250 }, PHOTO)).toEqual({ ...box, width: 400, height: 50 });
    expect(stretched(box, { x: 9_000, y: 9_000 }, PHOTO)).toEqual({ ...box, width: 1900, height: 1300 });
    expect(stretched(box, { x: 0, y: 0 }, PHOTO)).toEqual({ ...box, width: 30, height: 30 });
  });
  test("a box burns outwards to the whole blocks a JPEG stores, and to the photo's edge", () => {
    const near = { x: 30.6, y: 20.4, width: 5.1, height: 7.9 };
    expect(wholeBlocks(near, PHOTO)).toEqual({ x: 16, y: 16, width: 32, height: 16 });
    const edge = { x: 1990.5, y: 0, width: 9.5, height: 1500 };
    expect(wholeBlocks(edge, PHOTO)).toEqual({ x: 1984, y: 0, width: 16, height: 1500 });
    expect(wholeBlocks({ x: 32, y: 48, width: 16, height: 32 }, PHOTO)).toEqual({
      x: 32,
      y: 48,
      width: 16,
      height: 32,
    });
  });
});

describe("position", () => {
  const at = Date.UTC(2026, 10, 20, 19, 41);
  const fix = { lat: 58.501, lon: 13.161, accuracy_m: 6.4, at: at - 4_000 };

  test("a fresh and fair position is the phone's own, with its age", () => {
    expect(positionFor(fix, TUNNEL, at)).toEqual({ lat: 58.501, lon: 13.161, accuracy_m: 6, age_s: 4, source: "gps" });
  });
  test("a poor or old position gives way to the stop's", () => {
    const stop = { ...TUNNEL, accuracy_m: null, age_s: 0, source: "stop" };
    expect(positionFor({ ...fix, accuracy_m: 900 }, TUNNEL, at)).toEqual(stop);
    expect(positionFor({ ...fix, at: at - 600_000 }, TUNNEL, at)).toEqual(stop);
    expect(positionFor(null, TUNNEL, at)).toEqual(stop);
  });
  test("between stops a poor position is better than none, and none is none", () => {
    expect(positionFor({ ...fix, accuracy_m: 900 }, null, at)?.accuracy_m).toBe(900);
    expect(positionFor(null, null, at)).toBeNull();
  });
  test("metres have a word", () => {
    expect([6, 40, 400].map(accuracyWord)).toEqual(["good", "fair", "poor"]);
  });
  test("a hundredth of a degree north is about 1.1 km", () => {
    expect(metresBetween(TUNNEL, { lat: 58.51, lon: 13.16 })).toBeCloseTo(1113, 0);
  });
});

test("a camera says why it is away", () => {
  const named = (name: string) => Object.assign(new Error(name), { name });
  expect(
    ["NotAllowedError", "NotReadableError", "NotFoundError", "OverconstrainedError"].map((n) => troubleOf(named(n))),
  ).toEqual(["denied", "busy", "none", "none"]);
});
