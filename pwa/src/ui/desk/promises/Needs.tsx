import { useState } from "preact/hooks";
import type { MetNeed, NeedAt, NeedsView, PromiseView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, SelectField } from "../parts/Fields";
import { Wide } from "../parts/Wide";
import { href } from "../router";
import { fullDate, plainDate } from "../time/stockholm";
import { blockName, spotName } from "../week/names";
import { addMet, keyOf, rowsOf } from "./needs";

const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** Where it is needed most, by place and hour, beside what is done there. Exact here; everybody reads it coarse. */
export function Needs({ view }: { view: PromiseView }) {
  const { needs } = view;
  if (!needs.period && needs.met.length === 0) return null;
  return (
    <section class="group" aria-labelledby="needs">
      <h2 id="needs">{t("needs.title")}</h2>
      {needs.period && (
        <p class="quiet">{t("needs.lead", { from: fullDate(needs.period.first), to: fullDate(needs.period.last) })}</p>
      )}
      {needs.slots.length + needs.met.length === 0 ? <p>{t("needs.none")}</p> : <Table needs={needs} />}
      <Link key={needs.met.length} view={view} />
    </section>
  );
}

function Table({ needs }: { needs: NeedsView }) {
  return (
    <Wide label={t("needs.title")}>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">{t("lage.place")}</th>
            <th scope="col">{t("lage.when")}</th>
            <th scope="col">{t("lage.n")}</th>
            <th scope="col">{t("lage.evenings")}</th>
            <th scope="col">{t("needs.done")}</th>
          </tr>
        </thead>
        <tbody>
          {rowsOf(needs).map(({ at, slot, met }) => (
            <tr key={keyOf(at)}>
              <th scope="row">
                {spotName(at)}
                {slot && slot.names.length > 0 && <span class="quiet block">{slot.names.join(", ")}</span>}
              </th>
              <td>{when(at)}</td>
              <td>{slot ? slot.n : t("needs.no_longer")}</td>
              <td>{slot?.evenings || <None />}</td>
              <td>
                {met.length > 0 ? met.map((id) => <Commitment key={id} id={id} needs={needs} />) : t("needs.unmet")}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

function None() {
  return (
    <>
      <span aria-hidden="true">–</span>
      <span class="sr">{t("week.nobody_known")}</span>
    </>
  );
}

function Commitment({ id, needs }: { id: string; needs: NeedsView }) {
  const it = needs.commitments.find((each) => each.id === id);
  if (!it) return null;
  return (
    <p>
      <b>{it.executor}</b>: {it.text}{" "}
      <span class="quiet block">
        {t(`commitment.state.${it.state}`)}. {t("week.due", { day: plainDate(it.due_on) })}
      </span>
    </p>
  );
}

function when(it: NeedAt): string {
  return `${t(`week.day.${DAYS[it.weekday] ?? "mon"}`)} ${blockName(it.block)}`;
}

function Link({ view }: { view: PromiseView }) {
  const { needs, promise } = view;
  const [slot, setSlot] = useState("");
  const [commitment, setCommitment] = useState("");
  const sending = useSubmit();
  const rows = rowsOf(needs);
  function save(met: readonly MetNeed[]) {
    void sending.send(t("needs.saved"), operation("promise.meet_needs", promise.id, { needs: [...met] }));
  }
  function add(event: Event) {
    event.preventDefault();
    const at = rows.find((row) => keyOf(row.at) === slot)?.at;
    if (at && commitment) save(addMet(needs.met, at, commitment));
  }
  if (needs.commitments.length === 0)
    return (
      <p>
        {t("needs.no_commitments")} <a href={href("/planer")}>{t("room.planer")}</a>
      </p>
    );
  return (
    <details>
      <summary class="btn plain">{t("needs.link")}</summary>
      <form class="stack" onSubmit={add}>
        <SelectField
          label={t("needs.which")}
          value={slot}
          onValue={setSlot}
          options={[
            { value: "", name: t("week.choose") },
            ...rows.map(({ at }) => ({ value: keyOf(at), name: `${spotName(at)}, ${when(at)}` })),
          ]}
        />
        <SelectField
          label={t("needs.what")}
          value={commitment}
          onValue={setCommitment}
          options={[
            { value: "", name: t("week.choose") },
            ...needs.commitments.map((each) => ({ value: each.id, name: `${each.executor}: ${each.text}` })),
          ]}
        />
        <Problem text={sending.problem} />
        <p>
          <button type="submit" class="btn" disabled={sending.busy || !slot || !commitment}>
            {t("needs.save")}
          </button>
        </p>
      </form>
      {needs.met.length > 0 && (
        <ul class="week-list">
          {needs.met.map((it) => (
            <li key={`${keyOf(it)} ${it.commitment}`}>
              <p>
                {spotName(it)}, {when(it)}{" "}
                <button
                  type="button"
                  class="btn plain"
                  disabled={sending.busy}
                  aria-label={t("needs.unlink_one", { where: spotName(it), when: when(it) })}
                  onClick={() => save(needs.met.filter((other) => other !== it))}
                >
                  {t("needs.unlink")}
                </button>
              </p>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}
