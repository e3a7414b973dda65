import { type Signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type Box, type Nudge, newBox, nudged, type Size } from "../../device/mask";
import { coveredBy, personsIn } from "../../device/persons";
import { photo } from "../../storage/drafts";
import type { PhotoRow } from "../../storage/rows";
import { say } from "../parts/Live";
import { t } from "../parts/words";
import { keep, kept } from "./kept";
import { db, photos } from "./store";

/** The boxes on one photo while they are still only drawn over it. */
export interface Masks {
  size: Size;
  boxes: readonly Box[];
  /** The one that keys and fingers change; null when none. */
  chosen: number | null;
  choose(index: number): void;
  add(box: Box): void;
  /** One in the middle, for who cannot draw. */
  another(): void;
  /** Puts another box in the place of the chosen one. */
  change(box: Box): void;
  nudge(nudge: Nudge): void;
  away(): void;
  /** Null when nothing has been done. */
  undo: (() => void) | null;
  /** Where the phone thinks a person may be, the one asked about first. Nothing is hidden by it until somebody says so. */
  suggested: readonly Box[];
  /** The first suggestion becomes a box like any other. */
  agree(): void;
  /** The first suggestion was wrong, and is not made again for these bytes. */
  decline(): void;
}

/**
 * Boxes outlive the app, so that a phone call in the middle of hiding somebody costs nothing. They belong to the bytes
 * they were drawn on: burnt in, those are gone, and the boxes with them. So are those of photos that are gone.
 */
function remember(row: PhotoRow, boxes: readonly Box[]): void {
  const { [row.revision]: _, [row.id]: __, ...others } = kept.peek().boxes ?? {};
  const here = new Set([...photos.peek().values()].flatMap(({ id, revision }) => [id, revision]));
  const left = Object.fromEntries(Object.entries(others).filter(([photo]) => here.has(photo)));
  keep({ boxes: boxes.length > 0 ? { ...left, [row.revision]: [...boxes] } : left });
}

/** Once they were kept by the photo's id; then they hold for a photo nothing has been burnt into. */
function remembered(row: PhotoRow): readonly Box[] {
  const all = kept.peek().boxes ?? {};
  return all[row.revision] ?? (row.masks === 0 ? all[row.id] : undefined) ?? [];
}

/** Somebody has hidden this one already: asking about it would be noise. */
const COVERED = 0.6;

interface Step {
  boxes: readonly Box[];
  chosen: number | null;
}

/** A box that is there can always be reached: with one or more, one is chosen. */
function lastOf(boxes: readonly Box[]): number | null {
  return boxes.length > 0 ? boxes.length - 1 : null;
}

export function useBoxes(row: PhotoRow): Masks {
  const first = remembered(row);
  const now = useSignal<Step>({ boxes: first, chosen: lastOf(first) });
  const before = useSignal<readonly Step[]>([]);
  const size = { width: row.width, height: row.height };
  const suggested = useSuggested(row, () => now.peek().boxes);
  const { boxes, chosen } = now.value;
  const show = (step: Step) => {
    if (step.boxes.length !== boxes.length) say(t("mask.count", { n: step.boxes.length }));
    now.value = step;
    remember(row, step.boxes);
  };
  const put = (next: readonly Box[], index: number | null) => {
    before.value = [...before.value, now.value];
    show({ boxes: next, chosen: index });
  };
  const add = (box: Box) => put([...boxes, box], boxes.length);
  const change = (box: Box) => {
    if (chosen !== null)
      put(
        boxes.map((old, i) => (i === chosen ? box : old)),
        chosen,
      );
  };
  const last = before.value.at(-1);
  return {
    size,
    boxes,
    chosen,
    choose: (index) => {
      now.value = { boxes, chosen: index };
    },
    add,
    another: () => add(newBox(size)),
    change,
    nudge: (nudge) => {
      const box = boxes[chosen ?? -1];
      if (box) change(nudged(box, nudge, size));
    },
    away: () => {
      if (chosen === null) return;
      const left = boxes.filter((_, i) => i !== chosen);
      put(left, lastOf(left));
    },
    undo: last
      ? () => {
          before.value = before.value.slice(0, -1);
          show(last);
        }
      : null,
    suggested: suggested.value,
    agree: () => {
      const [first, ...others] = suggested.value;
      if (!first) return;
      suggested.value = others;
      add(first);
    },
    decline: () => {
      suggested.value = suggested.value.slice(1);
      if (suggested.value.length === 0) say(t("mask.noneleft"));
    },
  };
}

/** What is still to be asked about, by the revision it was found in: who comes back is not asked twice. */
const open = new Map<string, Signal<readonly Box[]>>();

/**
 * Looks for persons once for these bytes. Before it answers, and when it finds nothing, cannot or is too slow, nothing is said
 * and the editor is as it would be without.
 */
function useSuggested(row: PhotoRow, boxes: () => readonly Box[]): Signal<readonly Box[]> {
  const none = useSignal<readonly Box[]>([]);
  const found = open.get(row.revision) ?? none;
  useEffect(() => {
    if (open.has(row.revision)) return;
    const asked = new AbortController();
    void photo(db, row.id).then(async (kept) => {
      if (!kept || asked.signal.aborted) return;
      const persons = await personsIn(kept.bytes, row, asked.signal);
      if (asked.signal.aborted) return;
      none.value = persons.filter((person) => coveredBy(person, boxes()) < COVERED);
      open.set(row.revision, none);
      if (none.value.length > 0) say(t("mask.suggested", { n: none.value.length }));
    });
    return () => asked.abort();
  }, [row.revision]);
  return found;
}
