import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { Problem } from "../parts/Fields";
import { shifted, wrongIn } from "./draft";
import { Tool } from "./RuleList";

interface RowsProps<T> {
  title: string;
  about: string;
  rows: readonly T[];
  sentence: (row: T) => string;
  last: string; // what holds where no row fits
  empty: T;
  form: (row: T, set: (changes: Partial<T>) => void) => ComponentChildren;
  edit?: { busy: boolean; onRows: (rows: T[]) => Promise<boolean> };
}

/** A table of a book in its order: the first row that fits decides. */
export function TableRows<T extends object>(props: RowsProps<T>) {
  const { title, about, rows, sentence, last, empty, form, edit } = props;
  const [open, setOpen] = useState<{ at: number; row: T } | null>(null);
  const [wrong, setWrong] = useState("");
  const guard = useGuard();
  const openAt = (at: number, row: T) => {
    setWrong("");
    setOpen({ at, row });
  };
  const keep = async () => {
    if (!open || !edit) return;
    const missing = wrongIn(open.row);
    const objection = missing
      ? t(`rules.error.${missing}`)
      : guard(["because" in open.row ? String(open.row.because) : ""]);
    setWrong(objection ?? "");
    if (objection) return;
    const next = open.at < rows.length ? rows.map((it, n) => (n === open.at ? open.row : it)) : [...rows, open.row];
    if (await edit.onRows(next)) setOpen(null);
  };
  const editing = open && (
    <form
      class="box stack"
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault();
        void keep();
      }}
    >
      {form(open.row, (changes) => setOpen({ ...open, row: { ...open.row, ...changes } }))}
      <Problem text={wrong} />
      <div class="acts">
        <button type="submit" class="btn go" disabled={edit?.busy}>
          {t("rules.keep_row")}
        </button>
        <button type="button" class="btn" onClick={() => setOpen(null)}>
          {t("rules.leave")}
        </button>
      </div>
    </form>
  );
  const off = (edit?.busy ?? false) || open !== null;
  return (
    <section class="stack">
      <h3>{title}</h3>
      <p class="quiet">{about}</p>
      <ol class="rulelist">
        {rows.map((row, at) => (
          <li key={`${at} ${JSON.stringify(row)}`} class={open?.at === at ? "" : "card"}>
            {open?.at === at ? (
              editing
            ) : (
              <>
                <p>{sentence(row)}</p>
                {edit && (
                  <div class="acts">
                    <Tool
                      icon="arrow-up"
                      label={t("rules.up", { name: sentence(row) })}
                      off={off || at === 0}
                      act={() => void edit.onRows(shifted(rows, at, -1))}
                    />
                    <Tool
                      icon="arrow-down"
                      label={t("rules.down", { name: sentence(row) })}
                      off={off || at === rows.length - 1}
                      act={() => void edit.onRows(shifted(rows, at, 1))}
                    />
                    <Tool
                      icon="pencil"
                      label={t("rules.edit", { name: sentence(row) })}
                      off={off}
                      act={() => openAt(at, row)}
                    />
                    <Tool
                      icon="trash-2"
                      label={t("rules.remove", { name: sentence(row) })}
                      off={off}
                      act={() => void edit.onRows(rows.filter((_, n) => n !== at))}
                    />
                  </div>
                )}
              </>
            )}
          </li>
        ))}
      </ol>
      {last && <p class="quiet">{last}</p>}
      {open?.at === rows.length && editing}
      {edit && !open && (
        <p>
          <button type="button" class="btn" disabled={edit.busy} onClick={() => openAt(rows.length, empty)}>
            {t("rules.add_row")}
          </button>
        </p>
      )}
    </section>
  );
}
