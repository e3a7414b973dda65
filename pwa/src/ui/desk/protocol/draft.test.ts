import { expect, test } from "vitest";
import type { ProtocolView } from "../../../domain/wire";
import { changesOf, draftOf, metAnother, rebased, toggled, withText } from "./draft";

const PROTOCOL: ProtocolView["protocol"] = {
  id: "p",
  version: 3,
  walk: "w",
  edition: 1,
  reference: "KS 1",
  weather: "",
  parties: ["Driftledare, Gata och park"],
  purpose: "",
  summary: "",
  feedback: "",
  next_walk_on: null,
  comments: [],
  words: [{ id: "a", text: "Mörkt." }],
  judged: [],
  photos: ["x"],
};

test("only what somebody changed is sent, so that two who write do not undo each other", () => {
  const draft = draftOf(PROTOCOL);
  expect(changesOf(draft, PROTOCOL)).toEqual({});
  expect(
    changesOf({ ...draft, weather: "Mulet", parties: "Driftledare, Gata och park\n\n Polisen " }, PROTOCOL),
  ).toEqual({
    weather: "Mulet",
    parties: ["Driftledare, Gata och park", "Polisen"],
  });
});

test("an empty text takes the words away, and a photo is chosen and taken back", () => {
  expect(withText(PROTOCOL.words, "a", "")).toEqual([]);
  expect(withText(PROTOCOL.words, "b", "Ljust.")).toEqual([...PROTOCOL.words, { id: "b", text: "Ljust." }]);
  expect(toggled(toggled(PROTOCOL.photos, "y"), "x")).toEqual(["y"]);
});

test("what somebody else saves comes in beside what is being written, and is said when it is the same field", () => {
  const mine = { ...draftOf(PROTOCOL), summary: "Min" };
  const beside = { ...PROTOCOL, version: 4, weather: "Regn" };
  expect(rebased(mine, PROTOCOL, beside)).toMatchObject({ summary: "Min", weather: "Regn" });
  expect(metAnother(mine, PROTOCOL, beside)).toBe(false);
  expect(metAnother(mine, PROTOCOL, { ...beside, summary: "Deras" })).toBe(true);
  const saved = { ...PROTOCOL, version: 4, summary: "Min" };
  expect(metAnother(mine, PROTOCOL, saved)).toBe(false);
  expect(changesOf(rebased(mine, PROTOCOL, saved), saved)).toEqual({});
});
