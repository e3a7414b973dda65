import { expect, test } from "vitest";
import type { VanAct, VanTask } from "../../../../storage/van";
import { ARROWS } from "../arrows";
import { byStreet, LEADS, over, STEPS } from "./over";

const task = (part: Partial<VanTask> = {}): VanTask => ({
  id: "t",
  version: 3,
  number: "Å-1",
  title: "Byt lampa",
  place: "Skolgatan 2",
  lat: null,
  lon: null,
  state: "accepted",
  priority: 2,
  due_on: null,
  planned_on: null,
  person: "",
  seen: [],
  before: null,
  ...part,
});
const act = (part: Partial<VanAct> = {}): VanAct => ({
  id: "a",
  user: "u",
  task: "t",
  title: "Byt lampa",
  made_at: 1,
  operations: [],
  photos: [],
  leads: "in_progress",
  refused: null,
  ...part,
});

test("what is done in the van is laid over the list, and the next step is made on the version it will have", () => {
  const [seen] = over([task()], [act(), act({ id: "b", leads: "done" })]);

  expect([seen?.state, seen?.version, seen?.unsent]).toEqual(["done", 5, 2]);
});

test("what was refused moves nothing and is shown to the one who did it", () => {
  const no = act({ refused: { code: "no_such_arrow", facts: {} } });
  const [seen] = over([task()], [no]);

  expect([seen?.state, seen?.version, seen?.unsent, seen?.refused]).toEqual(["accepted", 3, 0, no]);
});

test("every step offered in the van is one of the desk's, and says where it leads", () => {
  const offered = Object.values(STEPS).flat();

  expect(offered.filter((arrow) => !ARROWS.includes(arrow) || !LEADS[arrow])).toEqual([]);
});

test("the list goes street by street in the order of the house numbers, the most urgent first on each", () => {
  const tasks = over(
    [
      task({ id: "1", place: "Skolgatan 10" }),
      task({ id: "2", priority: 3 }),
      task({ id: "3", priority: 1, number: "Å-9" }),
    ],
    [],
  );

  expect(byStreet(tasks).map(({ place, tasks: there }) => [place, there.map((one) => one.id)])).toEqual([
    ["Skolgatan 2", ["3", "2"]],
    ["Skolgatan 10", ["1"]],
  ]);
});
