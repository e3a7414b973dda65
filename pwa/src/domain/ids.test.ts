import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { passId, sha256, uuid7 } from "./ids";

interface Vector {
  organisation: string;
  evening: string;
  kind: string;
  id: string;
}
/** The server's tests read the same file. */
const vectors = JSON.parse(readFileSync(new URL("../../tests/vectors/ids.json", import.meta.url), "utf8")) as Vector[];

test("ids made here are version 7, and sort in the order they were made, whatever the clock does", () => {
  const clock = fc.array(fc.integer({ min: 0, max: 2 ** 41 }), { minLength: 2, maxLength: 200 });
  fc.assert(
    fc.property(clock, (times) => {
      const made = times.map((at) => uuid7(at));
      expect(made.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(
        true,
      );
      expect(made.toSorted()).toEqual(made);
      expect(new Set(made).size).toBe(made.length);
    }),
  );
});

test("ten thousand ids in one millisecond are in order and different", () => {
  const now = Date.now();
  const made = Array.from({ length: 10_000 }, () => uuid7(now));
  expect(made.toSorted()).toEqual(made);
  expect(new Set(made).size).toBe(10_000);
});

test("an id tells its millisecond", () => {
  const later = Date.now() + 2 ** 42;
  expect(Number.parseInt(uuid7(later).replaceAll("-", "").slice(0, 12), 16)).toBe(later);
});

test("every phone of the team, and the server, makes the same pass id", async () => {
  expect(vectors.length).toBeGreaterThanOrEqual(5);
  for (const { organisation, evening, kind, id } of vectors) expect(await passId(organisation, evening, kind)).toBe(id);
});

test("a digest is lower-case hex, as the wire says", async () => {
  const abc = new TextEncoder().encode("abc").buffer;
  expect(await sha256(abc)).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});
