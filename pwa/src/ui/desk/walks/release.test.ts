import { expect, test, vi } from "vitest";
import type { Outcome, ReleaseRow } from "../../../domain/wire";

vi.stubGlobal("addEventListener", () => undefined);
const { cameOf, firstWords, printOf, publish } = await import("./release");

const row = {
  id: "f",
  version: 3,
  number: "LK-1",
  category: "Trasig belysning",
  stop_name: "Gångtunneln",
  seen_at: "2026-11-23T20:00:00Z",
  notes: "Granskat 2026-11-23.",
  lat: 58.495,
  lon: 13.177,
  photos: ["a", "b"],
  photos_left: 0,
  publication: null,
} as ReleaseRow;

test("it begins with words that nobody walking wrote, and without photos", () => {
  expect(firstWords(row, "Sett i går.")).toEqual({ text: "Sett i går.", place_words: "Gångtunneln", photos: [] });
  const before = { id: "f", version: 1, state: "withdrawn", text: "Mörkt.", place_words: "", photos: ["a"] } as const;
  expect(firstWords({ ...row, publication: { ...before, photos: ["a"] } }, "Sett i går.")).toEqual({
    text: "Mörkt.",
    place_words: "",
    photos: [],
  });
});

test("a tick is for what was read: any change of it is another thing", () => {
  const read = firstWords(row, "Sett i går.");
  const prints = [
    printOf(row, read),
    printOf(row, { ...read, text: "Annat." }),
    printOf(row, { ...read, photos: ["a"] }),
    printOf({ ...row, version: 4 }, read),
    printOf({ ...row, notes: "Åtgärdat." }, read),
    printOf({ ...row, photos: ["a"] }, read),
    printOf({ ...row, lat: 58.496 }, read),
    printOf({ ...row, lon: null }, read),
    printOf({ ...row, category: "Klotter" }, read),
  ];
  expect(new Set(prints).size).toBe(prints.length);
  expect(printOf({ ...row }, { ...read })).toBe(prints[0]);
});

test("what is released says which version was read, and what was refused or held is not counted as done", () => {
  const ops = [
    publish(row, firstWords(row, "Sett i går.")),
    publish({ ...row, id: "g" }, firstWords(row, "Sett i går.")),
  ];
  expect(ops[0]?.body).toEqual({
    text: "Sett i går.",
    place_words: "Gångtunneln",
    photos: [],
    seen: 3,
    read_at: [58.495, 13.177],
  });
  const outcomes: Outcome[] = [
    { id: ops[0]?.id ?? "", outcome: "applied" },
    { id: ops[1]?.id ?? "", outcome: "rejected", code: "seen_has_moved" },
  ];
  const came = cameOf(ops, outcomes);
  expect([came.done, came.refused.map(({ id, outcome }) => [id, outcome?.code])]).toEqual([
    ["f"],
    [["g", "seen_has_moved"]],
  ]);
});
