import fc from "fast-check";
import { expect, test } from "vitest";
import { type Happening, NEXT, type Passage } from "./outbox";

const PASSAGES: Passage[] = ["draft", "waiting", "sending", "received", "needs_you", "held"];
const HAPPENINGS = Object.keys(NEXT.draft) as Happening[];

/** Every arrow that leads somewhere else, by name. Whatever is not named here stays where it is. */
const ARROWS: [Passage, Happening, Passage][] = [
  ["draft", "handed_in", "waiting"],
  ["waiting", "picked", "sending"],
  ["waiting", "applied", "received"],
  ["waiting", "rejected", "needs_you"],
  ["waiting", "refused", "needs_you"],
  ["sending", "lost", "waiting"],
  ["sending", "deferred", "waiting"],
  ["sending", "forgotten", "waiting"],
  ["sending", "applied", "received"],
  ["sending", "rejected", "needs_you"],
  ["sending", "refused", "needs_you"],
  ["received", "forgotten", "waiting"],
  ["received", "refused", "needs_you"],
  ["waiting", "held", "held"],
  ["sending", "held", "held"],
  ["held", "picked", "sending"],
  ["held", "applied", "received"],
  ["held", "deferred", "waiting"],
  ["held", "forgotten", "waiting"],
  ["held", "rejected", "needs_you"],
  ["held", "refused", "needs_you"],
  ["needs_you", "asked_again", "waiting"],
  ["needs_you", "applied", "received"],
  ["needs_you", "forgotten", "waiting"],
];

test("every passage answers every happening", () => {
  expect(Object.keys(NEXT).sort()).toEqual([...PASSAGES].sort());
  for (const passage of PASSAGES) expect(Object.keys(NEXT[passage]).sort()).toEqual([...HAPPENINGS].sort());
  expect(HAPPENINGS.length).toBe(10);
});

test.each(ARROWS)("%s, %s: %s", (from, happening, to) => {
  expect(NEXT[from][happening]).toBe(to);
});

test("there are no other arrows", () => {
  const all = PASSAGES.flatMap((from) =>
    HAPPENINGS.map((happening) => [from, happening, NEXT[from][happening]] as const),
  );
  expect(all.filter(([from, , to]) => from !== to).length).toBe(ARROWS.length);
  for (const [from, happening, to] of all.filter(([from, , to]) => from !== to)) {
    expect(ARROWS).toContainEqual([from, happening, to]);
  }
});

const history = fc.array(fc.constantFrom(...HAPPENINGS), { maxLength: 40 });
const after = (from: Passage, happenings: Happening[]) => happenings.reduce((at, what) => NEXT[at][what], from);

test("nothing leaves the phone without being handed in", () => {
  const others = fc.array(fc.constantFrom(...HAPPENINGS.filter((what) => what !== "handed_in")));
  fc.assert(
    fc.property(others, (happenings) => {
      expect(after("draft", happenings)).toBe("draft");
    }),
  );
});

test("what is handed in is never a draft again", () => {
  fc.assert(
    fc.property(history, (happenings) => {
      expect(after("waiting", happenings)).not.toBe("draft");
    }),
  );
});

test("whatever happened, it can still be received", () => {
  fc.assert(
    fc.property(history, (happenings) => {
      expect(after("draft", ["handed_in", ...happenings, "asked_again", "picked", "applied"])).toBe("received");
    }),
  );
});

test("hearing the same thing twice is hearing it once", () => {
  fc.assert(
    fc.property(history, fc.constantFrom(...HAPPENINGS), (happenings, what) => {
      const once = after("draft", [...happenings, what]);
      expect(NEXT[once][what]).toBe(once);
    }),
  );
});
