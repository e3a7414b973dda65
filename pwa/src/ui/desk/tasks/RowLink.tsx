import type { TaskRow } from "../../../domain/wire";
import { href } from "../router";
import type { Rows } from "./rows";

/** The task's name, where the keyboard stands. */
export function RowLink({ task, rows }: { task: TaskRow; rows: Rows }) {
  return (
    <a
      id={`task-${task.id}`}
      data-row={task.id}
      class="row-link"
      href={href(`/atgarder/${task.id}`)}
      onFocus={() => rows.setAt(task.id)}
    >
      {task.title}
    </a>
  );
}
