import { icons } from "virtual:icons?move-right";
import { useEffect, useState } from "preact/hooks";
import type { OperationType, TaskRow, Uuid } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useList } from "../data/load";
import { More } from "../parts/More";
import { Ready } from "../parts/StateCard";
import { query } from "../router";
import { ARROWS, type Arrow } from "./arrows";
import { ALL_COLUMNS, asked, COLUMNS, type Column, columnCount } from "./filter";
import { RowLink } from "./RowLink";
import type { Rows } from "./rows";
import type { Found } from "./TaskList";
import { TaskStatus } from "./TaskStatus";
import { NextDate } from "./TaskTable";
import { InParcel } from "./UndoBar";

const PAGE = 40;
const POLL_MS = 15_000;

/** Where each step leads: a card dropped on a column is asked for the facts of the steps that lead there. */
const LEADS: Record<Arrow, Column | null> = {
  "task.assign": "new",
  "task.reopen": "new",
  "task.decline": "new",
  "task.accept": "active",
  "task.plan": "active",
  "task.start": "active",
  "task.wait": "waiting",
  "task.refer": "waiting",
  "task.hand_over": "waiting",
  "task.finish": "done",
  "task.refuse": "closed",
  "task.verify": "closed",
  "task.replan": null,
  "task.uphold": null, // it stays where it stands
};

export function stepsTo(column: Column): OperationType[] {
  return ARROWS.filter((arrow) => LEADS[arrow] === column);
}

interface BoardProps {
  counts: Found["counts"];
  rows: Rows;
  /** Opens the forms of the steps; `among`: only these. */
  onStep: (id: Uuid, among?: OperationType[]) => void;
  onSeen: (column: Column, tasks: readonly TaskRow[]) => void;
}

/** The same choice as the list, in columns. Dragging is a shortcut to the same forms the button opens. */
export function Board({ counts, rows, onStep, onSeen }: BoardProps) {
  const status = query.value.get("status") ?? "open";
  const columns = ALL_COLUMNS.map((column) => ({
    column,
    count: columnCount(column, status, counts),
  }));
  return (
    <>
      <nav class="to-columns" aria-label={t("board.columns")}>
        {columns.map(({ column, count }) => (
          <a key={column} class="btn" href={`#column-${column}`}>
            {t(`board.${column}`)} <span class="num">{count}</span>
          </a>
        ))}
      </nav>
      <div class="board">
        {columns.map(({ column, count }) => (
          <BoardColumn key={column} column={column} count={count} rows={rows} onStep={onStep} onSeen={onSeen} />
        ))}
      </div>
    </>
  );
}

interface ColumnProps extends Omit<BoardProps, "counts"> {
  column: Column;
  count: number;
}

const DRAGGED = "text/x-trygg-task";

function BoardColumn({ column, count, rows, onStep, onSeen }: ColumnProps) {
  const asks = asked(query.value, COLUMNS[column]);
  asks.set("counts", "0");
  asks.set("limit", `${PAGE}`);
  const found = useList<Found>(
    asks.has("state") ? `/api/tasks?${asks}` : null,
    (page) => page.tasks,
    (page, tasks) => {
      onSeen(column, tasks);
      return { ...page, tasks };
    },
    POLL_MS,
  );
  useEffect(rows.keepFocus, [found.data]);
  const [over, setOver] = useState(false);
  return (
    <section
      class={`column${over ? " over" : ""}`}
      data-column={column}
      aria-labelledby={`column-${column}`}
      onDragOver={(event) => {
        if (!event.dataTransfer?.types.includes(DRAGGED)) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        const id = event.dataTransfer?.getData(DRAGGED);
        if (!id) return;
        event.preventDefault();
        onStep(id, stepsTo(column));
      }}
    >
      <h2 id={`column-${column}`} tabIndex={-1}>
        {t(`board.${column}`)} <span class="num quiet">{count}</span>
      </h2>
      {!asks.has("state") ? (
        <p class="quiet">{t("board.not_chosen")}</p>
      ) : (
        <Ready of={found}>
          {(page) => (
            <>
              {page.tasks.length === 0 && <p class="quiet">{t("board.empty")}</p>}
              <ul class="cards">
                {page.tasks.map((task) => (
                  <Card key={task.id} task={task} rows={rows} onStep={onStep} />
                ))}
              </ul>
              <More shown={page.tasks.length} all={count} more={found.more} />
            </>
          )}
        </Ready>
      )}
    </section>
  );
}

function Card({ task, rows, onStep }: { task: TaskRow; rows: Rows; onStep: BoardProps["onStep"] }) {
  const chosen = rows.chosen.has(task.id);
  return (
    <li
      class={`task-card${chosen ? " sel" : ""}${task.id === rows.at ? " at" : ""}`}
      draggable
      onDragStart={(event) => event.dataTransfer?.setData(DRAGGED, task.id)}
    >
      <label class="tick">
        <input
          type="checkbox"
          checked={chosen}
          aria-label={t("tasks.choose_one", { title: task.title })}
          onFocus={() => rows.setAt(task.id)}
          onClick={(event) => rows.toggle(task, event.shiftKey)}
        />
      </label>
      <div class="card-body">
        <RowLink task={task} rows={rows} />
        <span class="quiet block">{task.place}</span>
        <TaskStatus task={task} />
        <InParcel id={task.id} />
        <span class="block">
          <NextDate task={task} />
        </span>
      </div>
      <button
        type="button"
        class="btn square"
        aria-label={t("board.move", { title: task.title })}
        onClick={() => onStep(task.id)}
      >
        <Icon drawing={icons["move-right"] ?? ""} />
      </button>
    </li>
  );
}
