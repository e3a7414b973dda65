import { expect, test } from "vitest";
import type { LagesbildPicture } from "../../../domain/wire";
import { barsOf, perEvening } from "./numbers";

const count = (n: number | null) => ({ n, seen: n ?? 0, evenings: n === null ? 0 : 2, walked: 0 });
const row = (place: string, n: number | null) => ({ area: "Lidköping", place, unsafe: count(0), order: count(n) });

test("what is seen is divided by evenings, and by nothing when nobody was out", () => {
  expect(perEvening(3, 2)).toBe("1,5");
  expect(perEvening(0, 2)).toBe("0,0");
  expect(perEvening(3, 0)).toBe("–");
});

test("the bars say what the table says, the most first, and no bar is drawn where nothing is known", () => {
  const picture = { by_place: [row("", 9), row("Torget", 3), row("Parken", null), row("Stråket", 6)] };

  expect(barsOf(picture as unknown as LagesbildPicture, "ordningsstorning")).toEqual([
    { label: "Stråket", n: 6, said: "6" },
    { label: "Torget", n: 3, said: "3" },
  ]);
});
