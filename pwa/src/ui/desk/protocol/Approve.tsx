import { icons } from "virtual:icons?signature";
import { useState } from "preact/hooks";
import type { ProtocolView } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { CheckField, GuardedText, Problem, TextField } from "../parts/Fields";

/** A person with a name approves exactly what they have read; then that version never changes. */
export function Approve({ walk, view, changed }: { walk: string; view: ProtocolView; changed: boolean }) {
  const { protocol } = view;
  const number = protocol.edition + 1;
  const [name, setName] = useState("");
  const [what, setWhat] = useState("");
  const [publish, setPublish] = useState(false);
  const [missing, setMissing] = useState("");
  const sending = useSubmit();
  async function approve(event: Event) {
    event.preventDefault();
    setMissing(name.trim() ? "" : t("protocol.name_missing"));
    if (!name.trim() || changed) return;
    const body = {
      walk,
      made_from: view.made_from,
      digest: view.digest,
      name: name.trim(),
      changed: what.trim(),
      publish,
    };
    const op = operation("protocol.approve", protocol.id, body, protocol.version || null);
    const begin = operation("protocol.draft", protocol.id, { walk });
    const done = t("protocol.approved", { number });
    if (await sending.send(done, ...(protocol.version === 0 ? [begin, op] : [op]))) setWhat("");
  }
  return (
    <section class="group decide">
      <h2 id="approve">{t("protocol.approve")}</h2>
      <p>{changed ? t("protocol.save_first") : t("protocol.approve_lead")}</p>
      <form class="stack" onSubmit={approve}>
        <TextField
          label={t("protocol.name")}
          hint={t("protocol.name_hint")}
          error={missing}
          max={80}
          value={name}
          onValue={setName}
        />
        {number > 1 && (
          <GuardedText
            label={t("protocol.changed", { number: number - 1 })}
            max={1000}
            value={what}
            onValue={setWhat}
          />
        )}
        <CheckField
          label={t("protocol.publish")}
          hint={t("protocol.publish_hint")}
          checked={publish}
          onValue={setPublish}
        />
        <Problem text={sending.problem} />
        <p>
          <button type="submit" class="btn" disabled={sending.busy || changed}>
            <Icon drawing={icons.signature ?? ""} />
            {t("protocol.do_approve", { number })}
          </button>
        </p>
      </form>
    </section>
  );
}
