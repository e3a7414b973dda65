import { useState } from "preact/hooks";
import type { GroupView, Uuid } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { GuardedText, Problem } from "../parts/Fields";
import { AsRead } from "../tasks/AsRead";
import { shortMoment } from "../time/stockholm";

/** One message back to everybody who walked: on their phones, and by mail to those who asked for it. */
export function GroupMessage({ walk }: { walk: Uuid }) {
  const found = useLoad<GroupView>(`/api/walks/${walk}/group`, 30_000);
  if (!found.data) return null;
  const { message, addresses } = found.data;
  return (
    <section aria-labelledby="group">
      <h2 id="group">{t("group.title")}</h2>
      <p class="quiet">{t("group.lead", { n: addresses })}</p>
      {message ? (
        <div class="box reply">
          <p>{message.text}</p>
          <p class="quiet">
            {message.by}, {shortMoment(message.at)}
          </p>
        </div>
      ) : (
        <Write walk={walk} />
      )}
    </section>
  );
}

function Write({ walk }: { walk: Uuid }) {
  const [text, setText] = useState("");
  const [stopped, setStopped] = useState("");
  const sending = useSubmit();
  const guard = useGuard();
  const message = operation("walk.message", walk, { text: text.trim() });
  async function send(event: Event) {
    event.preventDefault();
    const objection = guard([text]);
    setStopped(objection ?? "");
    if (objection || !text.trim()) return;
    await sending.send(t("group.sent"), message);
  }
  return (
    <form class="stack" onSubmit={send}>
      <GuardedText label={t("group.text")} hint={t("group.hint")} value={text} onValue={setText} max={1000} />
      <AsRead reads={text.trim() ? [{ id: walk, name: "", place: "", acts: [message] }] : []} />
      <Problem text={stopped || sending.problem} />
      {text.trim() && (
        <p>
          <button type="submit" class="btn go" disabled={sending.busy}>
            {t("group.send")}
          </button>
        </p>
      )}
    </form>
  );
}
