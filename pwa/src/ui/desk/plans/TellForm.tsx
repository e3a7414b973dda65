import { useState } from "preact/hooks";
import type { CommitmentRow, CommitmentTold } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { GuardedText, Problem, RadioField, TextField } from "../parts/Fields";
import { dateIn } from "../time/stockholm";

/** One report for one day. `writesFor`: the coordinator, who says who told it and when. */
export function TellForm({ it, day, writesFor }: { it: CommitmentRow; day: string; writesFor: boolean }) {
  const [told, setTold] = useState("");
  const [text, setText] = useState("");
  const [toldBy, setToldBy] = useState("");
  const [toldOn, setToldOn] = useState(dateIn(new Date()));
  const [stopped, setStopped] = useState("");
  const sending = useSubmit();
  const guard = useGuard();
  const isNo = told === "not_done";
  function tell(event: Event) {
    event.preventDefault();
    const objection = guard([text, toldBy]);
    setStopped(objection ?? "");
    if (objection) return;
    const body = {
      due_on: day,
      told: told as CommitmentTold,
      text: isNo ? "" : text.trim(),
      reason: isNo ? text.trim() : "",
      told_by: toldBy.trim(),
      told_on: writesFor ? toldOn : null,
    };
    void sending.send(t("commitment.kept_now"), operation("commitment.report", it.id, body));
  }
  return (
    <form class="stack" onSubmit={tell}>
      <RadioField
        label={t("commitment.how")}
        value={told}
        onValue={setTold}
        options={it.may_tell.map((each) => ({ value: each, name: t(`commitment.tells.${each}`) }))}
      />
      <GuardedText
        label={t(isNo ? "commitment.why_not" : "commitment.what")}
        hint={t("commitment.words")}
        value={text}
        onValue={setText}
        max={1000}
      />
      {writesFor && (
        <div class="cols2">
          <TextField
            label={t("commitment.who_told")}
            hint={t("commitment.who_hint")}
            value={toldBy}
            onValue={setToldBy}
            max={80}
          />
          <TextField label={t("commitment.when_told")} type="date" value={toldOn} onValue={setToldOn} />
        </div>
      )}
      <Problem text={stopped || sending.problem} />
      <p>
        <button
          type="submit"
          class="btn go"
          disabled={sending.busy || !told || !text.trim() || (writesFor && !toldBy.trim())}
        >
          {t("commitment.keep")}
        </button>
      </p>
    </form>
  );
}
