import { expect, test } from "vitest";
import { partiesOf } from "./parties";

test("a party has a short name for sentences and a whole one, and an id without marks", () => {
  expect(partiesOf("kommunen | Lidköpings kommun\n\n Räddningstjänsten ")).toEqual([
    { id: "kommunen", name: "kommunen", called: "Lidköpings kommun" },
    { id: "raddningstjansten", name: "Räddningstjänsten", called: "Räddningstjänsten" },
  ]);
});
