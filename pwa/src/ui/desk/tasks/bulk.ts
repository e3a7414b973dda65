import type { DateOnly, TaskRow, TaskWord, Uuid } from "../../../domain/wire";
import { operation } from "../data/operations";
import type { Piece } from "./parcel";

export type Bulk = "take" | "plan" | "move" | "finish";
export const BULKS: readonly Bulk[] = ["take", "plan", "move", "finish"];

/** The states each step may start from; the others in the choice are left as they are, and the bar says how many. */
const FROM: Record<Bulk, readonly TaskWord[]> = {
  take: ["assigned"],
  plan: ["accepted", "waiting"],
  move: ["planned"],
  finish: ["accepted", "planned", "in_progress"],
};

export interface Facts {
  person: string;
  assignee: Uuid; // "": somebody who does not sign in
  day: DateOnly;
  text: string;
}

export function canTake(bulk: Bulk, tasks: Iterable<TaskRow>, unit: string | undefined): TaskRow[] {
  return [...tasks].filter((task) => task.department === unit && FROM[bulk].includes(task.state));
}

/** One operation for each step of each task. Taking on with a date is two: who does it, and when. */
export function pieces(bulk: Bulk, tasks: readonly TaskRow[], facts: Facts): Piece[] {
  return tasks
    .map((task) => ({ id: task.id, title: task.title, operations: operationsOf(bulk, task, facts) }))
    .filter(({ operations }) => operations.length > 0);
}

function operationsOf(bulk: Bulk, task: TaskRow, { person, assignee, day, text }: Facts): Piece["operations"] {
  switch (bulk) {
    case "take":
      return [
        operation("task.accept", task.id, { person: person.trim(), assignee: assignee || null }, task.version),
        operation("task.plan", task.id, { planned_on: day }, task.version + 1),
      ];
    case "plan":
      return [operation("task.plan", task.id, { planned_on: day }, task.version)];
    case "move": {
      // What is to be done on that day already is not moved.
      const body = { planned_on: day, public_text: text.trim() };
      return task.planned_on === day ? [] : [operation("task.replan", task.id, body, task.version)];
    }
    case "finish":
      return [
        operation("task.finish", task.id, { extent: "full", public_text: text.trim(), photos: [] }, task.version),
      ];
  }
}
