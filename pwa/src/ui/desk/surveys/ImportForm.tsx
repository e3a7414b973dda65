import { useState } from "preact/hooks";
import { uuid7 } from "../../../domain/ids";
import type { SurveyRow, SurveySource, SurveySums, SurveysView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, SelectField, TextField } from "../parts/Fields";
import { SOURCES } from "./sources";

type Typed = Record<"place" | "band" | "safe" | "neither" | "unsafe", string>;
const FELT = ["safe", "neither", "unsafe"] as const;

/** Sums of a dialogue held elsewhere, new or filled in: where they are from, and how many felt what, where and when. */
export function ImportForm({ view, before }: { view: SurveysView; before?: SurveyRow }) {
  const empty: Typed = {
    place: view.places[0]?.id ?? "",
    band: view.bands[0] ?? "",
    safe: "",
    neither: "",
    unsafe: "",
  };
  const [title, setTitle] = useState(before?.title ?? "");
  const [source, setSource] = useState<SurveySource>(before?.source ?? "citizens");
  const [toldBy, setToldBy] = useState(before?.told_by ?? "");
  const [first, setFirst] = useState(before?.opened_on ?? view.today);
  const [last, setLast] = useState(before?.closed_on ?? view.today);
  const [rows, setRows] = useState<readonly Typed[]>([empty]);
  const sending = useSubmit();
  function set(at: number, name: keyof Typed, value: string) {
    setRows(rows.map((row, i) => (i === at ? { ...row, [name]: value } : row)));
  }
  function save(event: Event) {
    event.preventDefault();
    const told = rows.filter((row) => FELT.some((name) => row[name] !== ""));
    const sums: SurveySums[] = told.map((row) => ({
      place: row.place,
      band: row.band,
      safe: Number(row.safe),
      neither: Number(row.neither),
      unsafe: Number(row.unsafe),
    }));
    const told_of = { title: title.trim(), source, told_by: toldBy.trim(), first, last };
    const body = sums.length > 0 ? { ...told_of, sums } : told_of; // what nobody typed anew stands
    const id = before?.id ?? uuid7();
    void sending.send(t("dialog.imported"), operation("survey.import", id, body, before?.version ?? null));
  }
  return (
    <form class="stack" onSubmit={save}>
      <TextField label={t("dialog.name")} value={title} onValue={setTitle} max={80} />
      {!before && (
        <SelectField
          label={t("dialog.whose")}
          value={source}
          onValue={(it) => setSource(it as SurveySource)}
          options={SOURCES.map((it) => ({ value: it, name: t(`dialog.source.${it}`) }))}
        />
      )}
      <TextField
        label={t("dialog.told_by")}
        hint={t("dialog.told_by_hint")}
        value={toldBy}
        onValue={setToldBy}
        max={80}
      />
      <div class="cols2">
        <TextField label={t("dialog.first")} type="date" value={first} onValue={setFirst} />
        <TextField label={t("dialog.last")} type="date" value={last} onValue={setLast} />
      </div>
      <p class="quiet">{t("dialog.sums_hint")}</p>
      {rows.map((row, at) => (
        <fieldset key={at} class="field-row">
          <legend class="field-label">{t("dialog.row", { n: at + 1 })}</legend>
          <div class="cols2">
            <SelectField
              label={t("dialog.place")}
              value={row.place}
              onValue={(it) => set(at, "place", it)}
              options={view.places.map((it) => ({ value: it.id, name: it.name }))}
            />
            <SelectField
              label={t("dialog.hour")}
              value={row.band}
              onValue={(it) => set(at, "band", it)}
              options={view.bands.map((it) => ({ value: it, name: it }))}
            />
            {FELT.map((name) => (
              <TextField
                key={name}
                label={t(`dialog.felt.${name}`)}
                type="number"
                value={row[name]}
                onValue={(it) => set(at, name, it)}
              />
            ))}
          </div>
        </fieldset>
      ))}
      <Problem text={sending.problem} />
      <p class="acts">
        <button type="button" class="btn plain" onClick={() => setRows([...rows, empty])}>
          {t("dialog.add_row")}
        </button>
        <button type="submit" class="btn go" disabled={sending.busy || !title.trim() || !toldBy.trim()}>
          {t("dialog.import_now")}
        </button>
      </p>
    </form>
  );
}
