import { expect, test } from "vitest";
import type { StopBody } from "../../../domain/wire";
import { bodyOf, coordinates, missingIn, moved, newDraft, startingAt, templateFor } from "./draft";

const stop = (id: string, number: number): StopBody => ({
  id,
  number,
  name: id,
  place: null,
  place_type: "torg",
  lat: 58.5,
  lon: 13.1,
  radius_m: 40,
  template: "torg",
});
const three = [stop("a", 1), stop("b", 2), stop("c", 3)];
const ids = (stops: StopBody[]) => stops.map((s) => `${s.number}${s.id}`).join(" ");

test("a stop moves one step, the numbers follow, and at the ends nothing moves", () => {
  expect(ids(moved(three, 2, -1))).toBe("1a 2c 3b");
  expect(ids(moved(three, 0, 1))).toBe("1b 2a 3c");
  expect(ids(moved(three, 0, -1))).toBe("1a 2b 3c");
  expect(ids(moved(three, 2, 1))).toBe("1a 2b 3c");
});

test("an empty plan says what is missing, and a filled one nothing", () => {
  expect(missingIn(newDraft("2026-11-20"))).toEqual(["name", "place", "leader", "meeting_point", "stops"]);
  const filled = {
    ...newDraft("2026-11-20"),
    name: "Höst",
    place: "Margretelund",
    leader: "Samordnaren",
    meeting_point: "Vid porten",
    stops: three,
  };
  expect(missingIn(filled)).toEqual([]);
  expect(missingIn({ ...filled, date: "" })).toEqual(["date"]);
});

test("a walk that begins later ends as much later, also past midnight, and while a time is being typed nothing moves", () => {
  const planned = { from: "19:00", to: "20:30" };
  expect(startingAt("21:14", planned)).toEqual({ from: "21:14", to: "22:44" });
  expect(startingAt("23:30", planned)).toEqual({ from: "23:30", to: "01:00" });
  expect(startingAt("18:00", { from: "23:30", to: "01:00" })).toEqual({ from: "18:00", to: "19:30" });
  expect(startingAt("22:00", { from: "", to: "20:30" })).toEqual({ from: "22:00", to: "20:30" });
});

test("a start that is emptied on the way to another keeps how long the walk is, until another end is written", () => {
  const planned = { ...newDraft("2026-11-13"), from: "19:00", to: "20:30" };
  const emptied = { ...planned, ...startingAt("", startingAt("", planned)) };
  expect([emptied.from, emptied.to]).toEqual(["", "20:30"]);
  expect(startingAt("22:00", emptied)).toEqual({ from: "22:00", to: "23:30" });
  expect(startingAt("22:00", { ...emptied, to: "22:30" })).toEqual({ from: "22:00", to: "22:30" });
  expect(bodyOf({ ...emptied, from: "18:00" })).not.toHaveProperty("was");
});

test("a walk that ends before it starts goes past midnight", () => {
  const body = bodyOf({ ...newDraft("2026-11-13"), from: "22:00", to: "01:00" });
  expect([body.starts_at, body.ends_at]).toEqual(["2026-11-20T22:00:00+01:00", "2026-11-21T01:00:00+01:00"]);
});

test("the camera is off on a night walk until somebody allows it, and on for the others", () => {
  expect(bodyOf({ ...newDraft("2026-11-13"), night: true, camera: false }).camera).toBe(false);
  expect(bodyOf({ ...newDraft("2026-11-13"), night: false, camera: false }).camera).toBe(true);
});

test("coordinates are read with point or comma, and only in Sweden", () => {
  expect(coordinates("58.5052, 13.1578")).toEqual({ lat: 58.5052, lon: 13.1578 });
  expect(coordinates("58,5052 13,1578")).toEqual({ lat: 58.5052, lon: 13.1578 });
  expect(coordinates("13.1578, 58.5052")).toBeNull();
  expect(coordinates("Margretelund")).toBeNull();
});

test("a place type brings its own checklist", () => {
  const templates = [
    { id: "gc", version: 1, name: "Gångväg", place_type: "gcvag", items: [] },
    { id: "tunnel", version: 1, name: "Gångtunnel", place_type: "tunnel", items: [] },
  ];
  expect(templateFor("tunnel", templates)).toBe("tunnel");
  expect(templateFor("okänd", templates)).toBe("gc");
});
