import { useState } from "preact/hooks";
import type { RoutineText, TradeView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { GuardedText, Problem, TextField } from "../parts/Fields";
import { fullDate } from "../time/stockholm";

/** The routine that holds today, every wording there has been, and for the coordinator the next one. */
export function Routine({ view }: { view: TradeView }) {
  const { now, texts } = view.routine;
  return (
    <section class="group unprinted" aria-labelledby="routine">
      <h2 id="routine">{t("trade.routine")}</h2>
      {now ? <Wording it={now} /> : <p class="quiet">{t("trade.routine_none")}</p>}
      {texts.length > (now ? 1 : 0) && (
        <details>
          <summary>{t("trade.routine_all")}</summary>
          <ul class="stack">
            {texts.map((it) => (
              <li key={it.entered_at}>
                <Wording it={it} />
              </li>
            ))}
          </ul>
        </details>
      )}
      {view.is_coordinator && <NewWording key={view.routine.version} view={view} />}
    </section>
  );
}

function Wording({ it }: { it: RoutineText }) {
  return (
    <>
      <p class="asis">{it.text}</p>
      <p class="quiet">{t("trade.routine_by", { by: it.decided_by, day: fullDate(it.valid_from) })}</p>
    </>
  );
}

function NewWording({ view }: { view: TradeView }) {
  const [text, setText] = useState(view.routine.now?.text ?? "");
  const [by, setBy] = useState("");
  const [from, setFrom] = useState(view.today);
  const [stopped, setStopped] = useState("");
  const sending = useSubmit();
  const guard = useGuard();
  function save(event: Event) {
    event.preventDefault();
    const objection = guard([text, by]);
    setStopped(objection ?? "");
    if (objection) return;
    const body = { text: text.trim(), decided_by: by.trim(), valid_from: from };
    void sending.send(
      t("trade.routine_saved"),
      operation("trade.routine", view.routine.id, body, view.routine.version),
    );
  }
  return (
    <details>
      <summary class="btn plain">{t("trade.routine_change")}</summary>
      <form class="stack" onSubmit={save}>
        <GuardedText
          label={t("trade.routine_text")}
          hint={t("trade.routine_hint")}
          value={text}
          onValue={setText}
          max={4000}
        />
        <div class="cols2">
          <TextField label={t("trade.routine_decided")} value={by} onValue={setBy} max={80} />
          <TextField label={t("trade.routine_from")} type="date" value={from} onValue={setFrom} />
        </div>
        <Problem text={stopped || sending.problem} />
        <p>
          <button type="submit" class="btn" disabled={sending.busy || !text.trim() || !by.trim() || !from}>
            {t("trade.routine_save")}
          </button>
        </p>
      </form>
    </details>
  );
}
