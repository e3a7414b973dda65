import type { ConflictDifference, ConflictRow, Instant } from "../../../domain/wire";
import { t } from "../../parts/words";
import { plainDate, shortMoment } from "../time/stockholm";

/** One of the two: whose function, when, and what is called of it ("Gäller nu"). */
export interface Side {
  word: string;
  by: string;
  at: Instant;
}

/** One field with both values in words, what stands now first. */
export interface Line {
  key: string;
  label: string;
  stands: string;
  other: string;
}

export interface Sides {
  stands: Side;
  other: Side;
  lines: Line[];
}

const DATE = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^\d{4}-\d\d-\d\dT/;

/** What a person compares: held, the first stands and the second waits; else the second stands. */
export function sidesOf(row: ConflictRow): Sides {
  const first = { by: row.first_by, at: row.first_at };
  const second = { by: row.second_by, at: row.second_at };
  const lines = row.differences.map((difference) => {
    const [stands, other] = row.held ? [difference.first, difference.second] : [difference.second, difference.first];
    return {
      key: `${difference.field}.${difference.element}.${difference.part}`,
      label: labelOf(difference),
      stands: wordsOf(row.kind, difference, stands),
      other: wordsOf(row.kind, difference, other),
    };
  });
  return {
    stands: { word: t("conflict.stands_now"), ...(row.held ? first : second) },
    other: { word: t(row.held ? "conflict.waits" : "conflict.replaced"), ...(row.held ? second : first) },
    lines: lines.filter((line, at) => line.stands !== line.other && !isSaidAbove(lines.slice(0, at), line)),
  };
}

/** What both say the same of is nothing to choose between, and a text that is also in the history is read once. */
function isSaidAbove(above: readonly Line[], line: Line): boolean {
  const isHistory = line.key.startsWith("history.");
  return isHistory && above.some((other) => other.other === line.other && line.stands === t("conflict.nothing"));
}

function labelOf({ field, element, part }: ConflictDifference): string {
  const name = t(`conflict.field.${part ?? field}`);
  return element ? t("conflict.of_stop", { name, stop: element }) : name;
}

/** A value as the desk says it everywhere else; nothing at all is "Inget". */
export function wordsOf(
  kind: ConflictRow["kind"],
  { field, element, part }: ConflictDifference,
  value: unknown,
): string {
  const name = part ?? field;
  if (element && !part) return value === null ? t("conflict.removed") : t("conflict.there");
  if (value === null || value === undefined || value === "") return t("conflict.nothing");
  if (Array.isArray(value)) return listed(name, value);
  if (typeof value === "boolean") return t(value ? "conflict.yes" : "conflict.no");
  if (typeof value === "object") return party(value as Record<string, unknown>);
  const known = codeWord(kind, name, value as string | number);
  if (known) return known;
  const text = `${value}`;
  if (DATE.test(text)) return plainDate(text);
  return MOMENT.test(text) ? shortMoment(text) : text;
}

function listed(name: string, values: unknown[]): string {
  if (values.length === 0) return t("conflict.nothing");
  const texts = values.filter((value): value is string => typeof value === "string");
  if (name === "history") return texts.join(" ");
  const named = values.map((value) => (value as { name?: string }).name).filter(Boolean);
  return named.length > 0 ? named.join(", ") : t("conflict.count", { n: values.length });
}

/** A party that was referred to is called by its name; a point is only another point. */
function party(value: Record<string, unknown>): string {
  return typeof value.party === "string" ? value.party : t("conflict.point");
}

function codeWord(kind: ConflictRow["kind"], name: string, value: string | number): string {
  if (name === "state" && kind === "task") return t(`task.word.${value}`);
  if (name === "state") return t(`conflict.state.${value}`);
  if (name === "severity") return t(`severity.${value}`);
  if (name === "priority") return t(`priority.${value}`);
  if (name === "wait_reason") return t(`field.reason.${value}`);
  if (name === "recording") return t(value === "one_recorder" ? "plan.one_recorder" : "plan.own_phones");
  if (name === "extent") return t(`field.extent.${value}`);
  return "";
}

/** Where the thing itself is seen and changed. */
export function placeOf(row: Pick<ConflictRow, "kind" | "about">): string {
  if (row.kind === "task") return `/atgarder/${row.about}`;
  return row.kind === "walk" ? `/vandringar/${row.about}` : `/inkommet?fynd=${row.about}`;
}

/** The next to look at when this one is decided: the one after, else the one before. */
export function neighbour(ids: readonly string[], at: string, by: 1 | -1): string | null {
  const from = ids.indexOf(at);
  if (from < 0) return ids[0] ?? null;
  return ids[Math.min(ids.length - 1, Math.max(0, from + by))] ?? null;
}
