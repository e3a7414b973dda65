import { expect, test } from "vitest";
import { attributesAsText, attributesIn } from "./attributes";

test("each line is a code and an answer, and what says nothing is left out", () => {
  const found = attributesIn("STOLPE: okänt\n\nTID: 2026-11-24T18:00:00Z \nbara ord\n: tomt\nFÄRG:");

  expect(found).toEqual({ STOLPE: "okänt", TID: "2026-11-24T18:00:00Z" });
  expect(attributesIn(attributesAsText(found))).toEqual(found);
});
