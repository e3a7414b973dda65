import { icons } from "virtual:icons?calendar-check,calendar-clock,user-check,circle-dot,printer,sheet,file-text";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { me } from "../data/session";
import { GuardedText, Problem, TextField } from "../parts/Fields";
import { say } from "../parts/live";
import { Left, MarkedBar } from "../parts/MarkedBar";
import { query } from "../router";
import { addDays, dateIn } from "../time/stockholm";
import { AsRead, type Read } from "./AsRead";
import { BULKS, type Bulk, canTake, pieces } from "./bulk";
import { asked } from "./filter";
import { myself, PersonField } from "./PersonField";
import { hold } from "./parcel";
import type { Rows } from "./rows";

const ICONS: Record<Bulk, string> = {
  take: "user-check",
  plan: "calendar-check",
  move: "calendar-clock",
  finish: "circle-dot",
};

/** Those whose reason or answer everybody reads. */
const TOLD: readonly Bulk[] = ["move", "finish"];

export interface BulkProps {
  rows: Rows;
  /** Counts up each time the keyboard asks for the first form. */
  wanted: number;
}

/** Several tasks at once, in the unit that has them. Nothing leaves until the time to take it back has passed. */
export function BulkBar({ rows, wanted }: BulkProps) {
  const [open, setOpen] = useState<Bulk | null>(null);
  const [given, setGiven] = useState(myself);
  const [day, setDay] = useState(addDays(dateIn(new Date()), 7));
  const [text, setText] = useState("");
  const [stopped, setStopped] = useState("");
  const guard = useGuard();
  const tasks = [...rows.chosen.values()];
  const can = (bulk: Bulk) => canTake(bulk, tasks, me.value?.organisation.id);

  useEffect(() => {
    if (wanted && can("take").length > 0) setOpen("take");
  }, [wanted]);

  const reads: Read[] =
    open && TOLD.includes(open) && text.trim()
      ? pieces(open, can(open), { ...given, day, text }).map(({ id, title, operations }) => ({
          id,
          name: title,
          place: rows.chosen.get(id)?.place ?? "",
          acts: operations,
        }))
      : [];

  function act(event: Event) {
    event.preventDefault();
    if (!open) return;
    const wordless = TOLD.includes(open) && !text.trim();
    const missing = (open === "take" && !given.person.trim()) || wordless || (open !== "finish" && !day);
    const objection = missing ? t("bulk.missing") : guard([given.person, text]);
    setStopped(objection ?? "");
    if (objection) return;
    const made = pieces(open, can(open), { ...given, day, text });
    if (made.length === 0) return setStopped(t("change.same"));
    hold(made, "tasks");
    say(t(`bulk.done.${open}`, { n: made.length }));
    setOpen(null);
    rows.drop(made.map((piece) => piece.id));
  }

  return (
    <MarkedBar
      marked={tasks.length}
      acts={BULKS.filter((name) => name !== "move" || can(name).length > 0).map((name) => ({
        name,
        drawing: icons[ICONS[name]] ?? "",
        label: t(`bulk.${name}`),
        can: can(name).length,
      }))}
      open={open}
      onOpen={setOpen}
      onClear={rows.clear}
      onSubmit={act}
      idle={<TakeAlong />}
      keys={<ListKeys />}
    >
      {open === "take" && <PersonField given={given} onGiven={setGiven} />}
      {open !== "finish" && <TextField label={t("field.planned_on")} type="date" value={day} onValue={setDay} />}
      {open && TOLD.includes(open) && (
        <GuardedText
          label={t(open === "move" ? "bulk.why_move" : "field.public_text")}
          hint={t("bulk.same_text")}
          value={text}
          onValue={setText}
        />
      )}
      <AsRead reads={reads} />
      {open && (
        <>
          <button type="submit" class="btn go">
            {t(`bulk.now.${open}`, { n: can(open).length })}
          </button>
          <Left left={tasks.length - can(open).length} />
        </>
      )}
      <Problem text={stopped} />
    </MarkedBar>
  );
}

export function ListKeys() {
  return (
    <>
      <kbd>j</kbd> <kbd>k</kbd> {t("keys.go")} <kbd>x</kbd> {t("keys.choose")} <kbd>s</kbd> {t("keys.status")}{" "}
      <kbd>?</kbd> {t("keys.all")}
    </>
  );
}

/** The same choice on paper or in a sheet, place by place. */
export function TakeAlong() {
  const asks = asked(query.value).toString();
  const link = (kind: string) => `/api/tasks/field-list/${kind}?${asks}`;
  return (
    <>
      <a class="btn" href={link("html")} target="_blank" rel="noreferrer">
        <Icon drawing={icons.printer ?? ""} />
        {t("along.print")}
      </a>
      <a class="btn" href={link("xlsx")} download>
        <Icon drawing={icons.sheet ?? ""} />
        {t("along.xlsx")}
      </a>
      <a class="btn" href={link("csv")} download>
        <Icon drawing={icons["file-text"] ?? ""} />
        {t("along.csv")}
      </a>
    </>
  );
}
