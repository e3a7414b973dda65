import { icons } from "virtual:icons?calendar-check,send,merge,undo-2";
import { useEffect, useState } from "preact/hooks";
import type { DueDates, MunicipalityState, TaskRow } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { useLoad } from "../data/load";
import { GuardedText, Problem, SelectField, TextField } from "../parts/Fields";
import { Left, MarkedBar } from "../parts/MarkedBar";
import { plainDate } from "../time/stockholm";
import { type BulkProps, ListKeys, TakeAlong } from "./BulkBar";
import { sameDue } from "./dueDates";
import { isAsked, ownersOf } from "./owners";
import { hold } from "./parcel";
import { canTriage, TRIAGE_BULKS, type TriageBulk, type TriageFacts, triagePieces } from "./triageBulk";

const ICONS: Record<TriageBulk, string> = {
  change: "calendar-check",
  assign: "send",
  merge: "merge",
  retract: "undo-2",
};
const NEEDS: Record<TriageBulk, (facts: TriageFacts) => boolean> = {
  change: ({ due_on, priority, reason }) => Boolean((due_on || priority) && reason.trim()),
  assign: ({ department, explanation }) => Boolean(department && explanation.trim()),
  merge: ({ into }) => Boolean(into),
  retract: ({ reason }) => Boolean(reason.trim()),
};
const MOST = 200; // as many as the server tells of at once
const NONE: TriageFacts = { department: "", explanation: "", due_on: "", priority: "", into: "", reason: "" };

interface TriageProps extends BulkProps {
  municipality: MunicipalityState | null;
}

/** Several tasks at once, by whoever sorts. Nothing leaves until the time to take it back has passed. */
export function TriageBar({ rows, wanted, municipality }: TriageProps) {
  const [open, setOpen] = useState<TriageBulk | null>(null);
  const [facts, setFacts] = useState(NONE);
  const [stopped, setStopped] = useState("");
  const guard = useGuard();
  const tasks = [...rows.chosen.values()];
  const can = (bulk: TriageBulk) => canTriage(bulk, tasks);
  const set = (some: Partial<TriageFacts>) => setFacts({ ...facts, ...some });
  const opened = (bulk: TriageBulk | null) => {
    setStopped("");
    setOpen(bulk);
    setFacts(bulk ? proposed(bulk, can(bulk)) : NONE);
  };
  useEffect(() => {
    const first = TRIAGE_BULKS.find((bulk) => can(bulk).length > 0);
    if (wanted && first) opened(first);
  }, [wanted]);

  const able = open ? can(open) : [];
  const asks = open === "assign" && able.length <= MOST ? able.map(({ id }) => id).join(",") : "";
  const due = useLoad<DueDates>(asks ? `/api/deadlines?task=${asks}` : null);

  function act(event: Event) {
    event.preventDefault();
    if (!open) return;
    const objection = NEEDS[open](facts) ? guard([facts.explanation, facts.reason]) : t("bulk.missing");
    setStopped(objection ?? "");
    if (objection) return;
    const made = triagePieces(open, able, facts, due.data?.deadlines ?? {});
    if (open === "assign" && made.length < able.length) return setStopped(t("due.missing"));
    if (made.length === 0) return setStopped(t("change.same"));
    hold(made, "tasks");
    // The one the others go into is done with as well.
    rows.drop([...made.map((piece) => piece.id), facts.into]);
    opened(null);
  }

  const days = due.data?.deadlines ?? {};
  const same = open === "assign" ? sameDue(days, able) : "";
  const owner = municipality?.departments.find((found) => found.id === facts.department);
  return (
    <MarkedBar
      marked={tasks.length}
      acts={TRIAGE_BULKS.filter((name) => can(name).length > 0).map((name) => ({
        name,
        drawing: icons[ICONS[name]] ?? "",
        label: t(`triage_bulk.${name}`),
        can: can(name).length,
      }))}
      open={open}
      onOpen={opened}
      onClear={rows.clear}
      onSubmit={act}
      idle={<TakeAlong />}
      keys={<ListKeys />}
    >
      {open === "assign" && (
        <SelectField
          label={t("task.department")}
          value={facts.department}
          onValue={(department) => set({ department })}
          options={[
            { value: "", name: t("decide.choose") },
            ...ownersOf(municipality?.departments ?? []).map(({ id, name }) => ({ value: id, name })),
          ]}
        />
      )}
      {open === "assign" && isAsked(owner?.kind) && <p class="note">{t("task.asking", { unit: owner?.name })}</p>}
      {open === "assign" && (
        <GuardedText
          label={t("task.explanation")}
          hint={t("task.explanation_own")}
          value={facts.explanation}
          max={300}
          onValue={(explanation) => set({ explanation })}
        />
      )}
      {open === "assign" && (
        <TextField
          label={t("task.due")}
          hint={same ? t("due.same", { date: plainDate(same) }) : t("due.each")}
          type="date"
          value={facts.due_on || same}
          onValue={(due_on) => set({ due_on })}
        />
      )}
      {open === "change" && (
        <TextField label={t("task.due")} type="date" value={facts.due_on} onValue={(due_on) => set({ due_on })} />
      )}
      {open === "change" && (
        <SelectField
          label={t("task.priority")}
          value={facts.priority}
          onValue={(value) => set({ priority: value as TriageFacts["priority"] })}
          options={[
            { value: "", name: t("triage_bulk.as_is") },
            ...(["1", "2", "3"] as const).map((n) => ({ value: n, name: t(`priority.${n}`) })),
          ]}
        />
      )}
      {open === "merge" && (
        <SelectField
          label={t("together.merge_into")}
          hint={t("together.merge_means")}
          value={facts.into}
          onValue={(into) => set({ into })}
          options={[
            { value: "", name: t("decide.choose") },
            ...able.map((task) => ({ value: task.id, name: `${task.number}: ${task.title}. ${task.place}` })),
          ]}
        />
      )}
      {(open === "change" || open === "retract") && (
        <GuardedText
          label={t(open === "change" ? "change.reason" : "together.reason")}
          hint={t(open === "change" ? "change.reason_hint" : "together.retract_means")}
          value={facts.reason}
          onValue={(reason) => set({ reason })}
        />
      )}
      {open && (
        <>
          <button type="submit" class="btn go">
            {t(`triage_bulk.now.${open}`, { n: able.length - (open === "merge" && facts.into ? 1 : 0) })}
          </button>
          <Left left={tasks.length - able.length} />
        </>
      )}
      <Problem text={stopped} />
    </MarkedBar>
  );
}

/** What all of them have in common already, so that it is not written again. */
function proposed(bulk: TriageBulk, tasks: readonly TaskRow[]): TriageFacts {
  if (bulk !== "assign") return NONE;
  const same = <T,>(of: (task: TaskRow) => T | undefined) => {
    const all = new Set(tasks.map(of));
    return all.size === 1 ? [...all][0] : undefined;
  };
  return {
    ...NONE,
    department: same((task) => task.proposed?.department) ?? "",
    explanation: same((task) => task.routed?.reason) ?? "",
  };
}
