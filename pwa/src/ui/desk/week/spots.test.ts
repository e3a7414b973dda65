import { expect, test } from "vitest";
import type { EstTrend, VehicleSpot } from "../../../domain/wire";
import { everyPoint, middle, moved, numbered } from "./spots";

function aSpot(place: string, trend: EstTrend, line: [number, number][] = [[58.5, 13.1]]): VehicleSpot {
  const counts = { n: 1, before: 1, evenings: 1, evenings_before: 1 };
  return {
    where: { area: "Lidköping", place, stretch: "" },
    line,
    trend,
    ...counts,
    sorts: [],
    vehicles: [],
    when: [],
  };
}

test("what nobody looked for has neither come nor gone", () => {
  const spots = (["more", "new", "fewer", "gone", "same", "first_look", "not_looked"] as const).map((trend) =>
    aSpot(trend, trend),
  );
  const { more, fewer } = moved(spots);
  expect(more.map((it) => it.where.place)).toEqual(["more", "new"]);
  expect(fewer.map((it) => it.where.place)).toEqual(["fewer", "gone"]);
});

test("a place that is on no map has its number in the table all the same", () => {
  const [first, second] = numbered([aSpot("A", "same", []), aSpot("B", "same")]);
  expect([first?.number, middle(first?.spot ?? aSpot("", "same")), second?.number]).toEqual([1, undefined, 2]);
});

test("the drawing is as large for every week", () => {
  const week = { week: "2026-W47", number: 47, first: "2026-11-16", last: "2026-11-22", evenings: 1, total: 1 };
  const weeks = [
    { ...week, spots: [aSpot("A", "same")] },
    {
      ...week,
      spots: [
        aSpot("B", "same", [
          [58.6, 13.2],
          [58.7, 13.3],
        ]),
      ],
    },
  ];
  expect(everyPoint({ weeks, is_whole: true })).toHaveLength(3);
});
