import { expect, test } from "vitest";
import { afters, befores } from "./photos";
import type { WholeTask } from "./TaskPage";

const shot = (id: string, state: string, kind = "observation") => ({ id, state, of: { kind, id: "x" } });

test("every photo that can be shown is there, from each finding and of the work, and none that is held or refused", () => {
  const task = {
    findings: [
      {
        number: "LK-1",
        seen_at: "2026-11-20T20:00:00Z",
        dark: true,
        photos: [shot("a", "accepted"), shot("b", "refused")],
      },
      {
        number: "LK-2",
        seen_at: "2026-11-20T20:10:00Z",
        dark: null,
        photos: [shot("c", "accepted"), shot("d", "received")],
      },
    ],
    photos: [shot("e", "accepted", "task"), shot("f", "declared", "task"), shot("g", "accepted")],
  } as unknown as WholeTask;
  expect(befores(task).map(({ id, number }) => [id, number])).toEqual([
    ["a", "LK-1"],
    ["c", "LK-2"],
  ]);
  expect(afters(task).map(({ id }) => id)).toEqual(["e"]);
});
