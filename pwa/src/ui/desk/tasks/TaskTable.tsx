import { icons } from "virtual:icons?clock-alert";
import { useEffect } from "preact/hooks";
import type { TaskRow } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { shortDate } from "../time/stockholm";
import { type byLateness, nextDate } from "./lateness";
import { RowLink } from "./RowLink";
import type { Rows } from "./rows";
import { TaskStatus } from "./TaskStatus";
import { InParcel } from "./UndoBar";

interface TableProps {
  groups: ReturnType<typeof byLateness>;
  order: readonly TaskRow[];
  rows: Rows;
}

export function TaskTable({ groups, order, rows }: TableProps) {
  useEffect(rows.keepFocus, [order]);
  const all = order.length > 0 && order.every((task) => rows.chosen.has(task.id));
  return (
    // The roles are written out because a phone shows the rows as blocks, and a block is no longer a row to a screen reader.
    <table class="tasks" role="table">
      <thead role="rowgroup">
        <tr role="row">
          <th scope="col" role="columnheader" class="c-choose">
            <label class="tick">
              <input
                type="checkbox"
                checked={all}
                aria-label={t("tasks.choose_all", { n: order.length })}
                onChange={() => rows.chooseAll(order)}
              />
            </label>
          </th>
          <th scope="col" role="columnheader">
            {t("tasks.no")}
          </th>
          <th scope="col" role="columnheader">
            {t("tasks.what")}
          </th>
          <th scope="col" role="columnheader">
            {t("tasks.status")}
          </th>
          <th scope="col" role="columnheader">
            {t("tasks.next_date")}
          </th>
        </tr>
      </thead>
      {groups.map(({ group, tasks }) => (
        <tbody key={group} role="rowgroup">
          <tr class="g" role="row">
            <th colSpan={5} scope="rowgroup" role="rowheader">
              {t(`tasks.group.${group}`)}
            </th>
          </tr>
          {tasks.map((task) => (
            <tr
              key={task.id}
              role="row"
              class={`${rows.chosen.has(task.id) ? "sel" : ""}${task.id === rows.at ? " at" : ""}`}
            >
              <td role="cell" class="c-choose">
                <label class="tick">
                  <input
                    type="checkbox"
                    checked={rows.chosen.has(task.id)}
                    aria-label={t("tasks.choose_one", { title: task.title })}
                    onFocus={() => rows.setAt(task.id)}
                    onClick={(event) => rows.toggle(task, event.shiftKey)}
                  />
                </label>
              </td>
              <td role="cell" class="n num">
                {order.indexOf(task) + 1}
              </td>
              <td role="cell" class="c-what">
                <RowLink task={task} rows={rows} />
                <span class="quiet block">{task.place}</span>
              </td>
              <td role="cell" class="c-status">
                <TaskStatus task={task} reason />
                <InParcel id={task.id} />
              </td>
              <td role="cell" class="c-date">
                <NextDate task={task} />
              </td>
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  );
}

export function NextDate({ task }: { task: TaskRow }) {
  const next = nextDate(task);
  if (!next) return <span class="quiet">{t("tasks.no_date")}</span>;
  if (task.late)
    return (
      <span class="tag t-need">
        <Icon drawing={icons["clock-alert"] ?? ""} />
        {t("tasks.late_since", { date: shortDate(next.on) })}
      </span>
    );
  return <span>{t(`tasks.date.${next.what}`, { date: shortDate(next.on) })}</span>;
}
