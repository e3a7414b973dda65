import { expect, test, vi } from "vitest";
import type { ConflictDifference, ConflictRow } from "../../../domain/wire";

// The ids themselves, so that a test says which word was chosen; the catalogue test holds the words.
vi.mock("../../parts/words", () => ({
  t: (id: string, values?: Record<string, unknown>) => (values ? `${id} ${Object.values(values).join("|")}` : id),
}));
const { sidesOf, neighbour, placeOf } = await import("./sides");

function a(difference: Partial<ConflictDifference>): ConflictDifference {
  return {
    field: "leader",
    element: null,
    part: null,
    stake: "scalar",
    seen: "Maria",
    first: "Amina",
    second: "Bo",
    ...difference,
  };
}
function aConflict(changes: Partial<ConflictRow>, ...differences: ConflictDifference[]): ConflictRow {
  return {
    id: "k",
    version: 1,
    kind: "walk",
    about: "w",
    about_version: 4,
    title: "Margretelund",
    operation: "walk.change",
    held: false,
    refusal: null,
    takeable: true,
    differences,
    first_by: "Trygghetssamordnare",
    first_at: "2026-11-20T18:00:00Z",
    second_by: "Handläggare",
    second_at: "2026-11-20T18:05:00Z",
    received_at: "2026-11-20T18:05:00Z",
    ...changes,
  };
}

test("what is held has the first one's value standing, and the second's waiting", () => {
  const { stands, other, lines } = sidesOf(aConflict({ held: true }, a({})));
  expect([stands.by, other.by, other.word]).toEqual(["Trygghetssamordnare", "Handläggare", "conflict.waits"]);
  expect(lines).toMatchObject([{ label: "conflict.field.leader", stands: "Amina", other: "Bo" }]);
});

test("what is changed already has the second one's value standing, and the first's to go back to", () => {
  const { stands, other, lines } = sidesOf(aConflict({ held: false }, a({})));
  expect([stands.by, other.by, other.word]).toEqual(["Handläggare", "Trygghetssamordnare", "conflict.replaced"]);
  expect(lines).toMatchObject([{ stands: "Bo", other: "Amina" }]);
});

test("what both say the same of is nothing to choose between", () => {
  expect(sidesOf(aConflict({}, a({ first: null, second: "" }))).lines).toEqual([]);
});

test("a text that is also in the history is read once", () => {
  const row = aConflict(
    { kind: "task", held: true },
    a({ field: "public_text", first: "", second: "Vi väntar." }),
    a({ field: "history", first: [], second: ["Vi väntar."] }),
  );
  expect(sidesOf(row).lines.map((line) => line.key)).toEqual(["public_text.null.null"]);
});

test("a value is said as the desk says it everywhere else", () => {
  const row = aConflict(
    { kind: "task", held: true },
    a({ field: "state", first: "planned", second: "waiting" }),
    a({ field: "planned_on", first: "2026-12-04", second: null }),
    a({ field: "history", first: [], second: ["Vi väntar på lampan."] }),
    a({ field: "referral", first: null, second: { party: "Trafikverket", contact: "", reference: "" } }),
    a({ field: "severity", first: 0, second: 3 }),
  );
  expect(sidesOf(row).lines.map((line) => [line.stands, line.other])).toEqual([
    ["task.word.planned", "task.word.waiting"],
    ["4 december", "conflict.nothing"],
    ["conflict.nothing", "Vi väntar på lampan."],
    ["conflict.nothing", "Trafikverket"],
    ["severity.0", "severity.3"],
  ]);
});

test("a stop that one took away and the other changed says so, by its name", () => {
  const [line] = sidesOf(
    aConflict({}, a({ field: "stops", element: "Torget", first: null, second: { name: "Torget" } })),
  ).lines;
  expect(line).toMatchObject({
    label: "conflict.of_stop conflict.field.stops|Torget",
    stands: "conflict.there",
    other: "conflict.removed",
  });
});

test("each leads to where the thing itself is", () => {
  expect(placeOf({ kind: "task", about: "t" })).toBe("/atgarder/t");
  expect(placeOf({ kind: "observation", about: "o" })).toBe("/inkommet?fynd=o");
});

test("the keys go from one to the next and stop at the ends", () => {
  expect(neighbour(["a", "b"], "a", 1)).toBe("b");
  expect(neighbour(["a", "b"], "b", 1)).toBe("b");
  expect(neighbour(["a", "b"], "", 1)).toBe("a");
  expect(neighbour([], "a", 1)).toBeNull();
});
