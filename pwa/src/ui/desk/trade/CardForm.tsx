import { useState } from "preact/hooks";
import type { TradeCardRow, TradeView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, SelectField, TextField } from "../parts/Fields";

/** A party's card: new when there is a `view` to choose the party from, else `before` changed. Saving confirms it. */
export function CardForm({ view, before }: { view?: TradeView; before?: TradeCardRow }) {
  const was = before?.contacts[0];
  const [party, setParty] = useState(before?.party ?? "");
  const [function_, setFunction] = useState(was?.function ?? "");
  const [phone, setPhone] = useState(was?.phone ?? "");
  const [mail, setMail] = useState(was?.mail ?? "");
  const [hours, setHours] = useState(was?.hours ?? "");
  const [stopped, setStopped] = useState("");
  const sending = useSubmit();
  const guard = useGuard();
  const id = before?.id ?? view?.card_ids[party];
  const base = before?.version ?? view?.left.find((it) => it.party === party)?.version ?? 0;
  const free = view?.parties.filter((it) => !view.cards.some((card) => card.party === it.id)) ?? [];
  function save(event: Event) {
    event.preventDefault();
    const objection = guard([function_, hours]);
    setStopped(objection ?? "");
    if (objection || !id) return;
    const body = {
      party,
      function: function_.trim(),
      phone: phone.trim(),
      mail: mail.trim(),
      hours: hours.trim(),
    };
    void sending.send(t("trade.card.saved"), operation("trade.card", id, body, base));
  }
  return (
    <form class="stack" onSubmit={save}>
      {!before && (
        <SelectField
          label={t("trade.card.party")}
          value={party}
          onValue={setParty}
          options={[
            { value: "", name: t("trade.card.choose") },
            ...free.map((each) => ({ value: each.id, name: each.name })),
          ]}
        />
      )}
      <div class="cols2">
        <TextField
          label={t("trade.card.function")}
          hint={t("trade.card.function_hint")}
          value={function_}
          onValue={setFunction}
          max={80}
        />
        <TextField label={t("trade.card.phone")} value={phone} onValue={setPhone} max={30} />
        <TextField
          label={t("trade.card.mail")}
          hint={t("trade.card.mail_hint")}
          value={mail}
          onValue={setMail}
          max={254}
        />
        <TextField label={t("trade.card.hours")} value={hours} onValue={setHours} max={80} optional />
      </div>
      <Problem text={stopped || sending.problem} />
      <p>
        <button
          type="submit"
          class="btn"
          disabled={sending.busy || !id || !function_.trim() || !phone.trim() || !mail.trim()}
        >
          {t("trade.card.save")}
        </button>
      </p>
    </form>
  );
}
