import type { TaskCounts, TaskWord } from "../../../domain/wire";
import { isClosed } from "./lateness";

/** List, map and board show the same choice: this is the whole of it, and it stands in the address. */
export const PARTS = [
  "status",
  "enhet",
  "typ",
  "omrade",
  "strak",
  "plats",
  "bradska",
  "vandring",
  "nar",
  "mina",
  "q",
] as const;
export type Part = (typeof PARTS)[number];
export type View = "lista" | "karta" | "tavla";
export const VIEWS: readonly View[] = ["lista", "karta", "tavla"];

export const WORDS: readonly TaskWord[] = [
  "new",
  "assigned",
  "accepted",
  "planned",
  "in_progress",
  "waiting",
  "referred",
  "done",
  "verified",
  "wont_do",
];
const OPEN = WORDS.filter((word) => !isClosed(word));

export type Column = "new" | "active" | "waiting" | "done" | "closed";
/** The board's columns, from left to right. Every state stands in one of them. */
export const COLUMNS: Record<Column, readonly TaskWord[]> = {
  new: ["new", "assigned"],
  active: ["accepted", "planned", "in_progress"],
  waiting: ["waiting", "referred"],
  done: ["done"], // its owner says so, and nobody else has seen it
  closed: ["verified", "wont_do"],
};

export const ALL_COLUMNS = Object.keys(COLUMNS) as Column[];

const ASKED: Record<Exclude<Part, "status">, string> = {
  enhet: "department",
  typ: "tile",
  omrade: "area",
  strak: "stretch",
  plats: "place",
  bradska: "priority",
  vandring: "walk",
  nar: "when",
  mina: "mine",
  q: "q",
};

export function viewOf(filter: URLSearchParams): View {
  const asked = filter.get("vy") as View | null;
  return asked && VIEWS.includes(asked) ? asked : "lista";
}

/** What the address asks the server for. `among` keeps only these states of those that are chosen. */
export function asked(filter: URLSearchParams, among?: readonly TaskWord[]): URLSearchParams {
  const found = new URLSearchParams();
  const status = filter.get("status") ?? "open";
  if (status === "late" || status === "doubted") found.set(status, "1");
  const states = among ? statesOf(status, true).filter((word) => among.includes(word)) : statesOf(status, false);
  if (states.length > 0) found.set("state", states.join(","));
  for (const [mine, theirs] of Object.entries(ASKED)) {
    const value = filter.get(mine);
    if (value) found.set(theirs, value);
  }
  return found;
}

/** The same without the hours that are chosen: what there is to choose among. */
export function withoutHours(filter: URLSearchParams): URLSearchParams {
  const found = asked(filter);
  found.delete("when");
  return found;
}

/** On the board "open" shows what is finished too: its last column would else always be empty. */
function statesOf(status: string, board: boolean): readonly TaskWord[] {
  if (status === "open") return board ? WORDS : OPEN;
  if (status === "all" || status === "late" || status === "doubted") return board ? WORDS : [];
  return WORDS.filter((word) => word === status);
}

/** Nothing is chosen that could be taken away. */
export function isBare(filter: URLSearchParams): boolean {
  return PARTS.every((part) => !filter.get(part) || (part === "status" && filter.get(part) === "open"));
}

/** The part of the address that is worth keeping under a name. */
export function worthKeeping(filter: URLSearchParams): string {
  const kept = new URLSearchParams();
  for (const part of ["vy", ...PARTS]) {
    const value = filter.get(part);
    if (value) kept.set(part, value);
  }
  return kept.toString();
}

/** How many the whole choice has, by the server's counts; the page may show fewer. */
export function wholeCount(status: string, counts: Partial<TaskCounts["counts"]>): number {
  const words = WORDS.filter((word) => status === "all" || (status === "open" ? !isClosed(word) : word === status));
  if (status === "late" || status === "doubted") return counts[status] ?? 0;
  return words.reduce((sum, word) => sum + (counts[word] ?? 0), 0);
}

export function columnCount(column: Column, status: string, counts: Partial<TaskCounts["counts"]>): number {
  return statesOf(status, true)
    .filter((word) => COLUMNS[column].includes(word))
    .reduce((sum, word) => sum + (counts[word] ?? 0), 0);
}

export function boardCount(status: string, counts: Partial<TaskCounts["counts"]>): number {
  return ALL_COLUMNS.reduce((sum, column) => sum + columnCount(column, status, counts), 0);
}
