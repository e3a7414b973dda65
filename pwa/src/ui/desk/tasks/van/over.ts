import type { TaskWord } from "../../../../domain/wire";
import type { VanAct, VanTask } from "../../../../storage/van";
import type { Arrow } from "../arrows";

/** The steps that can be taken without a network, by where the task stands; the server judges them all the same. */
export const STEPS: Partial<Record<TaskWord, readonly Arrow[]>> = {
  assigned: ["task.accept"],
  accepted: ["task.finish", "task.start", "task.plan", "task.wait"],
  planned: ["task.finish", "task.start", "task.wait"],
  in_progress: ["task.finish", "task.wait"],
  waiting: ["task.start", "task.plan"],
};

export const LEADS: Partial<Record<Arrow, TaskWord>> = {
  "task.accept": "accepted",
  "task.plan": "planned",
  "task.start": "in_progress",
  "task.wait": "waiting",
  "task.finish": "done",
};

export interface Seen extends VanTask {
  /** Done here and not yet answered. */
  unsent: number;
  /** The server said no to something done here. */
  refused: VanAct | null;
}

/** The kept list with what has been done here laid over it. A task that was refused stands where the server had it. */
export function over(tasks: readonly VanTask[], acts: readonly VanAct[]): Seen[] {
  return tasks.map((task) => {
    const mine = acts.filter((act) => act.task === task.id);
    const standing = mine.filter((act) => !act.refused);
    return {
      ...task,
      state: standing.at(-1)?.leads ?? task.state,
      version: task.version + standing.length,
      unsent: standing.length,
      refused: mine.find((act) => act.refused) ?? null,
    };
  });
}

/** Street by street, the most urgent first there, as somebody drives. */
export function byStreet(tasks: readonly Seen[]): { place: string; tasks: Seen[] }[] {
  const streets = new Map<string, Seen[]>();
  for (const task of tasks) streets.set(task.place, [...(streets.get(task.place) ?? []), task]);
  return [...streets]
    .sort(([a], [b]) => a.localeCompare(b, "sv", { numeric: true }))
    .map(([place, there]) => ({
      place,
      tasks: there.sort((a, b) => a.priority - b.priority || a.number.localeCompare(b.number, "sv", { numeric: true })),
    }));
}
