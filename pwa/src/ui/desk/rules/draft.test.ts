import { expect, test } from "vitest";
import { corners, cornerText, drawn, emptyRule, moved, put, ringOf, shifted, wrongIn } from "./draft";
import { lines } from "./trial";

const rule = (id: string) => ({ ...emptyRule(id), name: id });

test("a rule moves one step, and stays where it is at the ends", () => {
  const rules = [rule("a"), rule("b"), rule("c")];
  expect(moved(rules, 1, -1).map((it) => it.id)).toEqual(["b", "a", "c"]);
  expect(moved(rules, 2, 1).map((it) => it.id)).toEqual(["a", "b", "c"]);
  expect(moved(rules, 0, -1).map((it) => it.id)).toEqual(["a", "b", "c"]);
});

test("a changed rule keeps its place and a new one comes last", () => {
  const rules = [rule("a"), rule("b")];
  expect(put(rules, { ...rule("a"), because: "Nytt." })[0]?.because).toBe("Nytt.");
  expect(put(rules, rule("c")).map((it) => it.id)).toEqual(["a", "b", "c"]);
});

test("corners are read line by line, with comma or point, and one bad line is none", () => {
  expect(corners("58.50395, 13.15560\n\n58,50395 13,15835")).toEqual([
    { lat: 58.50395, lon: 13.1556 },
    { lat: 58.50395, lon: 13.15835 },
  ]);
  expect(corners("58.50395, 13.15560\nvid torget")).toBeNull();
  expect(corners("")).toEqual([]);
});

test("what is drawn is kept as longitude and latitude, and comes back the same", () => {
  const points = [
    { lat: 58.5, lon: 13.1 },
    { lat: 58.6, lon: 13.1 },
    { lat: 58.6, lon: 13.2 },
  ];
  const hole: [number, number][] = [
    [13.11, 58.51],
    [13.12, 58.51],
    [13.12, 58.52],
  ];
  const kept = drawn({ ...rule("a"), polygon: [[], hole] }, points);
  expect(kept.polygon).toEqual([points.map(({ lat, lon }) => [lon, lat]), hole]);
  expect(ringOf(kept)).toEqual(points);
  expect(corners(cornerText(points))).toEqual(points);
  expect(drawn(kept, []).polygon).toEqual([]);
});

test("a stream cut anywhere, also inside a letter, gives whole lines", async () => {
  const bytes = new TextEncoder().encode('{"done":1,"of":2}\n{"åäö":1}\n');
  for (let at = 0; at <= bytes.length; at++) {
    const body = new ReadableStream<Uint8Array>({
      start(stream) {
        stream.enqueue(bytes.slice(0, at));
        stream.enqueue(bytes.slice(at));
        stream.close();
      },
    });
    const read: string[] = [];
    for await (const line of lines(body)) read.push(line);
    expect(read).toEqual(['{"done":1,"of":2}', '{"åäö":1}']);
  }
});

test("a row of a table is kept when it has its reason, days of the year, and both hours or none", () => {
  const off = { areas: [], first: "05-15", last: "07-31", starts: "", ends: "", because: "Ljusa nätter." };
  expect(shifted([1, 2, 3], 2, -1)).toEqual([1, 3, 2]);
  expect([off, { ...off, starts: "01:00", ends: "04:30" }].map(wrongIn)).toEqual([null, null]);
  const bad = [
    { ...off, because: " " },
    { ...off, first: "15-05" },
    { ...off, last: "13-01" },
    { ...off, last: "02-30" },
    { ...off, starts: "01:00" },
  ];
  expect(bad.map(wrongIn).every(Boolean)).toBe(true);
});
