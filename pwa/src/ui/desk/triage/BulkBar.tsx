import { icons } from "virtual:icons?send,layers,circle-minus,map";
import { useEffect, useState } from "preact/hooks";
import type { DismissReason, FindingRow, MunicipalityState, TaskRow } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { useLoad } from "../data/load";
import { GuardedText, Problem, SelectField, TextField } from "../parts/Fields";
import { Left, MarkedBar } from "../parts/MarkedBar";
import type { Marks } from "../parts/marks";
import { AsRead, type Read } from "../tasks/AsRead";
import { FindTask } from "../tasks/FindTask";
import { isAsked, ownersOf } from "../tasks/owners";
import { hold } from "../tasks/parcel";
import { BULKS, type Bulk, canTake, type Facts, pieces, REASONS, taskFor } from "./bulk";
import { placeOf } from "./Inbox";
import { placeRead } from "./moderated";

const ICONS: Record<Bulk, string> = { send: "send", join: "layers", dismiss: "circle-minus", lagesbild: "map" };
const MOST = 200; // as many as the server tells of at once
const NONE: Facts = {
  title: "",
  department: "",
  explanation: "",
  due_on: "",
  priority: "",
  reason: "",
  public_text: "",
  into: "",
};

interface BulkProps {
  marks: Marks<FindingRow>;
  /** Counts up each time the keyboard asks for the first form. */
  wanted: number;
  municipality: MunicipalityState;
}

/** Several findings in one act. Nothing leaves until the time to take it back has passed. */
export function BulkBar({ marks, wanted, municipality }: BulkProps) {
  const [open, setOpen] = useState<Bulk | null>(null);
  const [facts, setFacts] = useState(NONE);
  const [into, setInto] = useState<TaskRow | null>(null);
  const [stopped, setStopped] = useState("");
  const guard = useGuard();
  const marked = [...marks.chosen.values()];
  const can = (bulk: Bulk) => canTake(bulk, marked);
  const set = (some: Partial<Facts>) => setFacts({ ...facts, ...some });
  const opened = (bulk: Bulk | null) => {
    setOpen(bulk);
    setStopped("");
    setInto(null);
    setFacts(bulk === "lagesbild" ? { ...NONE, reason: bulk, public_text: t("dismiss.text.lagesbild") } : NONE);
  };
  useEffect(() => {
    const first = BULKS.find((bulk) => can(bulk).length > 0);
    if (wanted && first) opened(first);
  }, [wanted]);

  // The list is brief; whom the rules would send each to is asked for when it matters.
  const asks = open === "send" || open === "join" ? can(open).map(({ id }) => id) : [];
  const whole = useLoad<{ observations: FindingRow[] }>(
    asks.length > 0 && asks.length <= MOST ? `/api/observations?limit=${MOST}&id=${asks.join(",")}` : null,
  );
  const ruled = new Map((whole.data?.observations ?? []).map((row) => [row.id, row]));
  // What somebody has decided meanwhile, here or elsewhere, is not decided again.
  const able = open
    ? canTake(
        open,
        can(open).map((row) => ruled.get(row.id) ?? row),
      )
    : [];
  const nameOf = (row: FindingRow) => municipality.categories.find(({ code }) => code === row.category)?.name;
  const titleOf = (row: FindingRow) => `${row.number}: ${nameOf(row) ?? row.category}. ${placeOf(row)}`;
  const at = { here: municipality, titleOf };
  const unruled = open === "send" ? able.filter((row) => !taskFor(row, facts, municipality)) : [];

  const reads: Read[] =
    (open === "dismiss" || open === "lagesbild") && facts.reason && facts.public_text.trim()
      ? pieces(open, able, facts, at).map(({ id, title, operations }) => {
          const finding = marks.chosen.get(id);
          return { id, name: title, place: finding ? placeRead(finding) : "", acts: operations };
        })
      : [];

  function act(event: Event) {
    event.preventDefault();
    if (!open) return;
    const made = asks.length > MOST ? [] : pieces(open, able, facts, at);
    const missing = (open === "dismiss" || open === "lagesbild") && !(facts.reason && facts.public_text.trim());
    const objection =
      asks.length > MOST
        ? t("find_bulk.most", { n: MOST })
        : missing || made.length === 0
          ? t(open === "send" || open === "join" ? "find_bulk.no_owner" : "bulk.missing")
          : guard([facts.title, facts.explanation, facts.public_text]);
    setStopped(objection ?? "");
    if (objection) return;
    hold(made, "findings");
    marks.drop(made.map((piece) => piece.id));
    opened(null);
  }

  return (
    <MarkedBar
      marked={marked.length}
      acts={BULKS.filter((name) => name !== "lagesbild" || can(name).length > 0).map((name) => ({
        name,
        drawing: icons[ICONS[name]] ?? "",
        label: t(`find_bulk.${name}`),
        can: can(name).length,
      }))}
      open={open}
      onOpen={opened}
      onClear={marks.clear}
      onSubmit={act}
      keys={
        <>
          <kbd>x</kbd> {t("keys.choose")} <kbd>b</kbd> {t("keys.bulk")}
        </>
      }
    >
      {open === "send" && <SendFields facts={facts} set={set} municipality={municipality} rules />}
      {open === "join" && into === null && (
        <>
          <TextField
            label={t("task.title")}
            max={100}
            value={facts.title || (able[0] ? (nameOf(able[0]) ?? "") : "")}
            onValue={(title) => set({ title })}
          />
          <SendFields facts={facts} set={set} municipality={municipality} rules={Boolean(able[0]?.suggestion)} />
          <details class="review">
            <summary class="btn plain">{t("find_bulk.existing")}</summary>
            <FindTask
              label={t("find_task.label")}
              except={[]}
              from={able[0]?.point ?? null}
              busy={false}
              onChoose={(task) => {
                setInto(task);
                set({ into: task.id });
              }}
            />
          </details>
        </>
      )}
      {open === "join" && into !== null && (
        <p>
          {t("find_bulk.into")}{" "}
          <b>
            {into.number}: {into.title}
          </b>
        </p>
      )}
      {open === "dismiss" && (
        <SelectField
          label={t("decide.reason")}
          value={facts.reason}
          onValue={(reason) =>
            set({ reason: reason as DismissReason, public_text: reason && t(`dismiss.text.${reason}`) })
          }
          options={[
            { value: "", name: t("decide.choose") },
            ...REASONS.map((value) => ({ value, name: t(`dismiss.${value}`) })),
          ]}
        />
      )}
      {(open === "lagesbild" || (open === "dismiss" && facts.reason)) && (
        <GuardedText
          label={t("form.public")}
          hint={t("bulk.same_text")}
          value={facts.public_text}
          onValue={(public_text) => set({ public_text })}
        />
      )}
      <AsRead reads={reads} />
      {open && (
        <>
          <button
            type="submit"
            class="btn go"
            disabled={asks.length > 0 && asks.length <= MOST && whole.data === null && whole.trouble === null}
          >
            {t(`find_bulk.now.${open}`, { n: able.length - unruled.length })}
          </button>
          <Left left={marked.length - able.length} />
          {unruled.length > 0 && whole.data && <p class="quiet">{t("find_bulk.unruled", { n: unruled.length })}</p>}
        </>
      )}
      <Problem text={stopped} />
    </MarkedBar>
  );
}

interface SendProps {
  facts: Facts;
  set: (some: Partial<Facts>) => void;
  municipality: MunicipalityState;
  rules: boolean; // whether the rules have an opinion
}

/** What is left empty is as the rules say, each finding for itself. */
function SendFields({ facts, set, municipality, rules }: SendProps) {
  const owners = ownersOf(municipality.departments);
  const owner = owners.find(({ id }) => id === facts.department);
  return (
    <>
      <SelectField
        label={t("task.department")}
        value={facts.department}
        onValue={(department) => set({ department })}
        options={[
          { value: "", name: t(rules ? "find_bulk.by_rules" : "decide.choose") },
          ...owners.map(({ id, name }) => ({ value: id, name })),
        ]}
      />
      {isAsked(owner?.kind) && <p class="note">{t("task.asking", { unit: owner?.name })}</p>}
      {facts.department && (
        <GuardedText
          label={t("task.explanation")}
          hint={t("task.explanation_own")}
          value={facts.explanation}
          max={300}
          onValue={(explanation) => set({ explanation })}
        />
      )}
      <TextField
        label={t("task.due")}
        hint={t("find_bulk.empty_is_rules")}
        type="date"
        value={facts.due_on}
        onValue={(due_on) => set({ due_on })}
      />
      <SelectField
        label={t("task.priority")}
        value={facts.priority}
        onValue={(value) => set({ priority: value as Facts["priority"] })}
        options={[
          { value: "", name: t("find_bulk.by_rules") },
          ...(["1", "2", "3"] as const).map((n) => ({ value: n, name: t(`priority.${n}`) })),
        ]}
      />
    </>
  );
}
