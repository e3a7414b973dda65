import { icons } from "virtual:icons?forward,rotate-ccw,eye-off";
import type { TaskRow, TaskWord } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { me } from "../data/session";
import { Lamp, type LampName } from "../parts/Lamp";
import { shortDate } from "../time/stockholm";
import { isAsked } from "./owners";

export const LAMPS: Record<TaskWord, LampName> = {
  new: "off",
  assigned: "off",
  accepted: "off",
  planned: "plan",
  in_progress: "plan",
  waiting: "wait",
  referred: "off",
  done: "half",
  verified: "lit",
  wont_do: "no",
};

const COLOURS: Record<TaskWord, string> = {
  new: "t-quiet",
  assigned: "t-quiet",
  accepted: "t-quiet",
  planned: "t-move",
  in_progress: "t-move",
  waiting: "t-quiet",
  referred: "t-move",
  done: "t-lamp",
  verified: "t-lamp",
  wont_do: "",
};

/** States that say no or not yet: never shown without their reason in the same row. */
const WITH_REASON: readonly TaskWord[] = ["waiting", "referred", "wont_do"];

type Standing = Pick<
  TaskRow,
  | "state"
  | "department"
  | "department_name"
  | "department_kind"
  | "planned_on"
  | "extent"
  | "reopened"
  | "public_text"
  | "reopen_proposed"
>;

export function statusWord(task: Standing): string {
  const ours = task.department !== null && task.department === me.value?.organisation.id;
  const unit = task.department_name ?? "";
  if (task.state === "assigned" && isAsked(task.department_kind)) return t("task.status.asked", { unit });
  if (task.state === "assigned" || task.state === "accepted")
    return t(`task.status.${task.state}`, { ours: ours ? "yes" : "no", unit });
  if (task.state === "planned" && task.planned_on)
    return t("task.status.planned_on", { date: shortDate(task.planned_on) });
  if (task.state === "verified" && task.extent === "partly") return t("task.status.partly_verified");
  if (task.state === "done") return t(task.extent === "partly" ? "task.status.partly" : "task.status.done", { unit });
  return t(`task.word.${task.state}`);
}

export function TaskStatus({ task, reason }: { task: Standing; reason?: boolean }) {
  return (
    <>
      <span class={`tag ${COLOURS[task.state]}`}>
        {task.state === "referred" ? <Icon drawing={icons.forward ?? ""} /> : <Lamp name={LAMPS[task.state]} />}
        {statusWord(task)}
      </span>
      {reason && WITH_REASON.includes(task.state) && <span class="quiet block">{task.public_text}</span>}
      {task.reopen_proposed && (
        <span class="tag t-need">
          <Icon drawing={icons["eye-off"] ?? ""} />
          {t("task.seen_undone")}
        </span>
      )}
      {task.reopened > 0 && task.state !== "verified" && (
        <span class="tag t-need">
          <Icon drawing={icons["rotate-ccw"] ?? ""} />
          {t("task.again", { n: task.reopened })}
        </span>
      )}
    </>
  );
}
