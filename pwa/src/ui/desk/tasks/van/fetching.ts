import type { MunicipalityState, TaskRow, Uuid } from "../../../../domain/wire";
import { keepList, type VanTask } from "../../../../storage/van";
import { request } from "../../data/api";
import { me } from "../../data/session";
import { afters, befores } from "../photos";
import type { WholeTask } from "../TaskPage";

/** A day's work and more; each with all its photos, small. */
export const MOST = 50;
const AT_ONCE = 4;
const WORKING = "assigned,accepted,planned,in_progress,waiting";

/** Takes the unit's open list along. Old pictures stay until the whole new list is here. */
export async function takeAlong(): Promise<void> {
  const who = me.value;
  if (!who) return;
  const municipality = await request<MunicipalityState>("GET", "/api/municipality");
  const page = await request<{ tasks: TaskRow[] }>("GET", `/api/tasks?state=${WORKING}&counts=0&limit=${MOST}`);
  const names = new Map(municipality.categories.map((one) => [one.code, one.name]));
  const tasks: VanTask[] = [];
  const photos = new Map<Uuid, ArrayBuffer>();
  const left = [...page.tasks];
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let row = left.shift(); row; row = left.shift()) {
        const task = await request<WholeTask>("GET", `/api/tasks/${row.id}`);
        const along: Uuid[] = [];
        const old = befores(task);
        for (const { id } of [...old, ...afters(task)]) {
          const bytes = await small(id);
          if (!bytes) continue;
          photos.set(id, bytes);
          along.push(id);
        }
        const seen = [...new Set(task.findings.map((one) => names.get(one.category) ?? one.category))];
        tasks.push(alongOf(task, seen, along, old.find(({ id }) => photos.has(id))?.id ?? null));
      }
    }),
  );
  await keepList({ me: who, fetched_at: Date.now(), tasks }, photos);
}

function alongOf(task: TaskRow, seen: string[], photos: Uuid[], before: Uuid | null): VanTask {
  const { id, version, number, title, place, lat, lon, state, priority, due_on, planned_on, person } = task;
  const said = { id, version, number, title, place, lat, lon, state, priority, due_on, planned_on, person, seen };
  return { ...said, before, photos };
}

/** Null when there is none to show: the task goes along without it. */
async function small(id: Uuid): Promise<ArrayBuffer | null> {
  const answer = await fetch(`/photos/${id}?size=320`, { credentials: "same-origin" });
  return answer.ok ? answer.arrayBuffer() : null;
}
