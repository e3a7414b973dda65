import type { Instant, Uuid } from "../../../domain/wire";
import type { WholeTask } from "./TaskPage";

/** One that can be shown. `number`: the finding it belongs to, "" for one taken after the work. */
export interface Shot {
  id: Uuid;
  number: string;
  at: Instant | null;
  dark: boolean | null;
}

/** Every photo from the walks, finding by finding. */
export function befores(task: Pick<WholeTask, "findings">): Shot[] {
  return task.findings.flatMap(({ photos, number, seen_at, dark }) =>
    photos
      .filter(({ state, held }) => state === "accepted" && !held)
      .map(({ id }) => ({ id, number, at: seen_at, dark })),
  );
}

/** Every photo of the work, the first one first. */
export function afters(task: Pick<WholeTask, "photos">): Shot[] {
  return task.photos
    .filter((photo) => photo.of.kind === "task" && photo.state === "accepted")
    .map(({ id }) => ({ id, number: "", at: null, dark: null }));
}
