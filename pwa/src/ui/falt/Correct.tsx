import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { t } from "../parts/words";
import { EntryForm } from "./Entry";
import { saveCorrection } from "./entry";
import { type Form, formOf } from "./form";
import { Gone } from "./Gone";
import { Places } from "./Places";
import { latest } from "./places";
import { log, town } from "./store";

const correcting = signal<{ id: string; form: Form } | null>(null);

/** "Rätta": anybody in the team. What stood before is kept as a version. */
export function Correct({ id, part }: { id: string; part: string }) {
  const row = log.value.find((one) => one.id === id);
  useEffect(() => {
    if (row && correcting.value?.id !== id) correcting.value = { id, form: formOf(row.entry) };
  }, [id, row !== undefined]);
  if (!row) return <Gone />;
  const form = correcting.value?.id === id ? correcting.value.form : formOf(row.entry);
  const put = (changes: Partial<Form>) => {
    correcting.value = { id, form: { ...form, ...changes } };
  };
  if (part === "plats") {
    return <Places chosen={form.spot} home={`/falt/ratta/${id}`} onChoose={(spot) => put({ spot })} />;
  }
  const { place, area } = row.entry;
  return (
    <EntryForm
      form={form}
      offered={latest([{ place, area }], town.value?.places ?? []).spots}
      elsewhere={`/falt/ratta/${id}/plats`}
      title={t("correct.title")}
      back="/falt/kvallen"
      evening={row.evening}
      onAnswer={put}
      onSave={async () => {
        const saved = await saveCorrection(row, form);
        if (typeof saved === "object") correcting.value = null;
        return saved;
      }}
      saveWord={t("correct.save")}
      promise={t("correct.version")}
    />
  );
}
