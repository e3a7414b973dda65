import { expect, test } from "vitest";
import type { OutboxRow } from "../storage/rows";
import { metIn } from "./items";

const row = (conflict_id: string | null, held: boolean) => ({ conflict_id, facts: { held } }) as unknown as OutboxRow;

test("two who changed the same are shown until somebody has decided", () => {
  expect(metIn([row(null, false)], new Set())).toBeNull();
  expect(metIn([row("k", false)], new Set())).toBe("stands");
  expect(metIn([row("k", false), row("l", true)], new Set())).toBe("held");
  expect(metIn([row("k", false), row("l", true)], new Set(["l"]))).toBe("stands");
  expect(metIn([row("k", true)], new Set(["k"]))).toBeNull();
});
