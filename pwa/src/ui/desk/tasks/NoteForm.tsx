import { useState } from "preact/hooks";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { GuardedText, Problem } from "../parts/Fields";
import type { WholeTask } from "./TaskPage";

export function NoteForm({ task }: { task: WholeTask }) {
  const [text, setText] = useState("");
  const [stopped, setStopped] = useState("");
  const sending = useSubmit();
  const guard = useGuard();
  async function save(event: Event) {
    event.preventDefault();
    const objection = guard([text]);
    setStopped(objection ?? "");
    if (objection || !text.trim()) return;
    if (await sending.send(t("task.noted"), operation("task.note", task.id, { text: text.trim() }))) setText("");
  }
  return (
    <form class="stack" onSubmit={save}>
      <GuardedText label={t("form.internal")} hint={t("form.internal_hint")} value={text} onValue={setText} />
      <Problem text={stopped || sending.problem} />
      {text.trim() && (
        <p>
          <button type="submit" class="btn" disabled={sending.busy}>
            {t("task.save_note")}
          </button>
        </p>
      )}
    </form>
  );
}
