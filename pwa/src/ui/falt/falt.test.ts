import { expect, test } from "vitest";
import type { PresenceState } from "../../domain/wire";
import type { Identity } from "../../storage/identity";
import type { OutboxRow } from "../../storage/rows";
import { changesFrom, EMPTY, type Entry, entryOf, type Form, formOf, missing, tooFew } from "./form";
import { readBack, written } from "./halfway";
import { logOf, spotsIn } from "./log";
import { eveningsUntil, momentOf, timeField } from "./moment";
import { type KnownPlace, latest, nearest } from "./places";
import { mayContinue, troubleIn } from "./signin";
import { isOver } from "./store";

const TORGET = { place: "torget", area: "Lidköping" };
const NOW = new Date("2026-11-20T19:41:00Z");
const FULL: Form = {
  ...EMPTY,
  spot: TORGET,
  band: "6-15",
  mood: "calm",
  substances: "signs",
  action: "talk",
  ages: ["16_18"],
  activity: ["vehicles"],
};

// ---------------------------------------------------------------- the entry

test("nothing is chosen before somebody chooses it, and the page says what is missing in its own order", () => {
  expect(missing(EMPTY)).toEqual(["spot", "band", "mood", "action"]);
  expect(entryOf(EMPTY, [], NOW)).toBeNull();
  expect(missing(FULL)).toEqual([]);
});

test("at 1-5 what was already answered of age and substances is left out of the entry", () => {
  const entry = entryOf({ ...FULL, band: "1-5" }, [], NOW);
  expect(entry).toMatchObject({ band: "1-5", substances: null, ages: null, mood: "calm" });
  expect(entryOf(FULL, [], NOW)).toMatchObject({ substances: "signs", ages: ["16_18"] });
});

test("where few people live it is not asked whatever the band is", () => {
  expect(tooFew({ ...FULL, spot: { place: null, area: "Tun" } }, ["Tun"])).toBe(true);
  expect(tooFew(FULL, ["Tun"])).toBe(false);
  expect(entryOf({ ...FULL, spot: { place: null, area: "Tun" } }, ["Tun"], NOW)?.substances).toBeNull();
});

test("an empty square has no ages and no activity", () => {
  expect(entryOf({ ...FULL, band: "0" }, [], NOW)).toMatchObject({ ages: null, activity: null });
});

test("the time is now until somebody changes it", () => {
  expect(Date.parse(entryOf(FULL, [], NOW)?.at ?? "")).toBe(NOW.getTime());
  expect(entryOf({ ...FULL, at: "2026-11-20T18:00:00+01:00" }, [], NOW)?.at).toBe("2026-11-20T18:00:00+01:00");
});

test("half an entry is there when the app is opened again the same evening", () => {
  const half: Form = { ...EMPTY, spot: TORGET, band: "6-15", mood: "calm" };
  const later = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000);
  expect(readBack(written(half, NOW), later(1))).toEqual(half);
  expect(readBack(written(half, NOW), later(20))).toBeNull();
  expect(readBack(written(half, NOW), later(-1))).toBeNull();
});

test("a place alone is no half entry, and what cannot be read is none either", () => {
  expect(written({ ...EMPTY, spot: TORGET }, NOW)).toBeNull();
  for (const text of [null, "", "{", "null", '{"at":1}']) expect(readBack(text, NOW)).toBeNull();
});

test("a correction names only what it changes, and what it takes away", () => {
  const before = { ...(entryOf(FULL, [], NOW) as Entry), at: "2026-11-20T19:41:00Z" };
  expect(changesFrom(before, entryOf(formOf(before), [], NOW) as Entry)).toEqual({});
  const after = entryOf({ ...formOf(before), band: "1-5" }, [], NOW) as Entry;
  expect(changesFrom(before, after)).toEqual({ band: "1-5", substances: null, ages: null });
});

// ---------------------------------------------------------------- time

test("after midnight still belongs to the evening, in winter and in summer", () => {
  expect(momentOf("2026-11-20", "22:15").toISOString()).toBe("2026-11-20T21:15:00.000Z");
  expect(momentOf("2026-11-20", "01:30").toISOString()).toBe("2026-11-21T00:30:00.000Z");
  expect(momentOf("2026-07-03", "22:15").toISOString()).toBe("2026-07-03T20:15:00.000Z");
});

test("the night the clock goes back has its hours where the people were", () => {
  expect(momentOf("2026-10-24", "23:30").toISOString()).toBe("2026-10-24T21:30:00.000Z");
  expect(momentOf("2026-10-24", "04:00").toISOString()).toBe("2026-10-25T03:00:00.000Z");
  expect(timeField(momentOf("2026-10-24", "04:00"))).toBe("04:00");
});

test("tonight at one in the morning is yesterday's date", () => {
  expect(eveningsUntil(new Date("2026-11-21T00:30:00Z"), 3)).toEqual(["2026-11-20", "2026-11-19", "2026-11-18"]);
});

// ---------------------------------------------------------------- places

const place = (id: string, lat: number): KnownPlace => ({
  id,
  name: id,
  area: "Lidköping",
  place_type: "torg",
  lat,
  lon: 13.15,
});
const PLACES = [place("a", 58.5), place("b", 58.51), place("c", 58.52), place("d", 58.53)];

test("the three nearest, and the one where they stand is chosen", () => {
  const offer = nearest(PLACES, { lat: 58.5299, lon: 13.15 });
  expect(offer.spots.map((spot) => spot.place)).toEqual(["d", "c", "b"]);
  expect(offer.chosen?.place).toBe("d");
});

test("far from every place none is chosen for them", () => {
  expect(nearest(PLACES, { lat: 58.6, lon: 13.15 }).chosen).toBeNull();
});

test("without a position the last used come first, each once, and none is chosen", () => {
  const used = [
    { place: "c", area: "Lidköping" },
    { place: "c", area: "Lidköping" },
  ];
  expect(latest(used, PLACES)).toEqual({
    spots: ["c", "a", "b"].map((id) => ({ place: id, area: "Lidköping" })),
    chosen: null,
  });
});

// ---------------------------------------------------------------- the team's list

const BODY = { ...(entryOf(FULL, [], NOW) as Entry), at: "2026-11-20T19:41:00Z", pass: "p" };
const state = (facts: Partial<PresenceState> = {}): PresenceState => ({
  id: "e1",
  version: 1,
  logged_at: "2026-11-20T19:42:00Z",
  ...BODY,
  ...facts,
});
function row(type: "presence.log" | "presence.correct", body: object, facts: Partial<OutboxRow> = {}): OutboxRow {
  return {
    seq: 1,
    id: "o1",
    entity: "e1",
    walk: null,
    operation: {
      id: "o1",
      seq: 1,
      type,
      entity: "e1",
      base: null,
      at: BODY.at,
      mono_ms: 0,
      session: "s",
      body,
    } as never,
    passage: "waiting",
    attempts: 0,
    not_before: 0,
    deferred: false,
    code: null,
    facts: null,
    version: null,
    conflict_id: null,
    receipt: null,
    replaced_by: null,
    ...facts,
  };
}

test("an entry that waits is in the list, once, also when the server's own has come back", () => {
  expect(logOf([], [row("presence.log", BODY)])).toMatchObject([{ id: "e1", passage: "waiting", own: true }]);
  const both = logOf([state()], [row("presence.log", BODY, { passage: "received", version: 1 })]);
  expect(both).toHaveLength(1);
  expect(both[0]).toMatchObject({ passage: "received", own: true, corrected: false });
});

test("a team mate's entry is received and nobody's here", () => {
  expect(logOf([state()], [])).toMatchObject([{ passage: "received", own: false }]);
});

test("a correction is seen at once, and gives way to a later version from the team", () => {
  const waiting = row("presence.correct", { band: "0" }, { id: "o2", seq: 2 });
  expect(logOf([state()], [waiting])[0]).toMatchObject({ entry: { band: "0" }, passage: "waiting", corrected: true });
  const done = { ...waiting, passage: "received" as const, version: 2 };
  expect(logOf([state({ version: 3, band: "31+" })], [done])[0]?.entry.band).toBe("31+");
});

test("a correction the server said no to is not shown as if it were so", () => {
  const refused = row("presence.correct", { band: "0" }, { passage: "needs_you", code: "too_few_to_ask" });
  expect(logOf([state()], [refused])[0]).toMatchObject({
    entry: { band: "6-15" },
    passage: "needs_you",
    code: "too_few_to_ask",
  });
});

test("the latest place comes first, each once", () => {
  const rows = logOf(
    [
      state(),
      state({ id: "e2", at: "2026-11-20T21:00:00Z", place: "parken" }),
      state({ id: "e3", at: "2026-11-20T20:00:00Z" }),
    ],
    [],
  );
  expect(spotsIn(rows)).toEqual([{ place: "parken", area: "Lidköping" }, TORGET]);
});

// ---------------------------------------------------------------- signing in

test("every refusal at the door has its words", () => {
  expect(troubleIn("wrong_password", null)).toEqual({ kind: "wrong" });
  expect(troubleIn("too_many_tries", 61)).toEqual({ kind: "wait", minutes: 2 });
  expect(troubleIn("not_found", null)).toEqual({ kind: "not_for_you" });
  expect(troubleIn("server_busy", null)).toEqual({ kind: "other" });
});

test("the phone asks again after thirty days, and not before", () => {
  const who = { joined_at: "2026-11-01T18:00:00+01:00" } as Identity;
  expect(isOver(who, new Date("2026-12-01T16:59:00Z"))).toBe(false);
  expect(isOver(who, new Date("2026-12-01T17:00:00Z"))).toBe(true);
});

test("only a field secretary's session at the desk lets the phone in without the password", () => {
  const session = (role: string) => ({ user: { id: "1", login: "x", function: "Fältsekreterare", role } });
  expect(mayContinue({ kind: "ok", body: session("field_secretary") })).toBe("Fältsekreterare");
  for (const role of ["coordinator", "handler", "shop"])
    expect(mayContinue({ kind: "ok", body: session(role) })).toBeNull();
  expect(mayContinue({ kind: "lost", status: 0, retry_after: null })).toBeNull();
  expect(mayContinue({ kind: "ok", body: {} })).toBeNull();
});

test("two who changed an entry at once are shown until somebody in the team has said that it is right", () => {
  const met = { id: "k", version: 1, about: "e1", held: false, choice: null } as const;
  expect(logOf([state({ version: 3 })], [], [met])[0]?.met).toEqual({ conflict: "k", seen: 3, held: false });
  expect(logOf([state()], [], [{ ...met, choice: "keep" }])[0]?.met).toBeNull();
  expect(logOf([state()], [], [{ ...met, about: "another" }])[0]?.met).toBeNull();
  const said = row("presence.correct", {}, { entity: "k" });
  const closing = { ...said, operation: { ...said.operation, type: "conflict.close" } } as OutboxRow;
  expect(logOf([state()], [closing], [met])[0]?.met).toBeNull();
});
