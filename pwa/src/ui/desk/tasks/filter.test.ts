import { expect, test } from "vitest";
import { asked, COLUMNS, columnCount, isBare, WORDS, wholeCount, worthKeeping } from "./filter";

const url = (text: string) => new URLSearchParams(text);

test("the same address asks for the same tasks, however they are shown", () => {
  const chosen =
    "enhet=gata-park&typ=ljus&omrade=Lidköping&strak=s&plats=Torget&bradska=1&vandring=v&q=lampa&status=waiting";
  const list = asked(url(`vy=lista&${chosen}`)).toString();

  expect(asked(url(`vy=karta&${chosen}`)).toString()).toBe(list);
  expect(Object.fromEntries(url(list))).toEqual({
    state: "waiting",
    department: "gata-park",
    tile: "ljus",
    area: "Lidköping",
    stretch: "s",
    place: "Torget",
    priority: "1",
    walk: "v",
    q: "lampa",
  });
});

test("every state stands in exactly one column of the board", () => {
  expect(Object.values(COLUMNS).flat().sort()).toEqual([...WORDS].sort());
});

test("a column asks for its own states only, within what is chosen", () => {
  expect(asked(url("status=waiting"), COLUMNS.waiting).get("state")).toBe("waiting");
  expect(asked(url("status=waiting"), COLUMNS.new).get("state")).toBeNull();
  expect(asked(url(""), COLUMNS.closed).get("state")).toBe("verified,wont_do");
});

test("the number of hits is the server's, for the states that are chosen", () => {
  const counts = { new: 1, waiting: 2, done: 4, verified: 8, late: 3 };
  expect([wholeCount("open", counts), wholeCount("all", counts), wholeCount("late", counts)]).toEqual([7, 15, 3]);
  expect([columnCount("done", "open", counts), columnCount("closed", "open", counts)]).toEqual([4, 8]);
  expect(columnCount("closed", "waiting", counts)).toBe(0);
});

test("what somebody found undone is chosen and counted wherever it stands", () => {
  const list = asked(url("status=doubted"));
  expect([list.get("doubted"), list.get("state"), list.get("late")]).toEqual(["1", null, null]);
  expect(wholeCount("doubted", { done: 4, verified: 8, doubted: 2 })).toBe(2);
});

test("a bare list has nothing to clear, and what is kept under a name is the choice and the view", () => {
  expect([isBare(url("vy=karta")), isBare(url("status=open")), isBare(url("typ=ljus"))]).toEqual([true, true, false]);
  expect(worthKeeping(url("steg=1&vy=tavla&typ=ljus"))).toBe("vy=tavla&typ=ljus");
});
