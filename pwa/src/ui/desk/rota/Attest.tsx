import { useState } from "preact/hooks";
import type { AttestationView, RotaView, WalkedTotals } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, SelectField, TextField } from "../parts/Fields";
import { Ready } from "../parts/StateCard";
import { Wide } from "../parts/Wide";
import { useAsking } from "../promises/useAsking";
import { addDays, dateIn, fullDate, plainDate } from "../time/stockholm";

interface Period {
  party: string;
  first: string;
  last: string;
}

/** An association's walked evenings, counted from what is kept, and signed by who has read them. */
export function Attest({ view }: { view: RotaView }) {
  const parties = view.parties.filter((it) => it.is_association);
  const [party, setParty] = useState(parties[0]?.id ?? "");
  const [first, setFirst] = useState(monthBefore(view.tonight));
  const [last, setLast] = useState(addDays(`${view.tonight.slice(0, 7)}-01`, -1));
  if (parties.length === 0) return null;
  const isWhole = first !== "" && last !== "" && first <= last;
  return (
    <section class="group" aria-labelledby="rota-attest">
      <h2 id="rota-attest">{t("attest.title")}</h2>
      <p class="quiet">{t("attest.lead")}</p>
      <div class="cols2">
        <SelectField
          label={t("attest.party")}
          value={party}
          onValue={setParty}
          options={parties.map((it) => ({ value: it.id, name: it.name }))}
        />
        <TextField label={t("attest.first")} type="date" value={first} onValue={setFirst} />
        <TextField label={t("attest.last")} hint={t("attest.last_hint")} type="date" value={last} onValue={setLast} />
      </div>
      {isWhole && last < view.tonight ? (
        <Counted key={`${party} ${first} ${last}`} of={{ party, first, last }} />
      ) : (
        <p>{t("attest.period")}</p>
      )}
    </section>
  );
}

const monthBefore = (day: string) => `${addDays(`${day.slice(0, 7)}-01`, -1).slice(0, 7)}-01`;

function Counted({ of }: { of: Period }) {
  const found = useLoad<AttestationView>(`/api/rota/attestations?${new URLSearchParams({ ...of })}`);
  return (
    <Ready of={found}>
      {(view) => (
        <>
          {view.rows.length === 0 ? (
            <p>{t("attest.none")}</p>
          ) : (
            <>
              <Rows view={view} />
              <SignForm key={view.digest} of={of} view={view} again={found.again} />
            </>
          )}
          {view.attested.length > 0 && <Attested view={view} again={found.again} />}
        </>
      )}
    </Ready>
  );
}

function sums(it: WalkedTotals): string {
  const words = t("attest.sums", { evenings: it.evenings, weekends: it.weekends, hours: it.hours, logged: it.logged });
  return it.unsaid > 0 ? `${words} ${t("attest.unsaid", { n: it.unsaid })}` : words;
}

function Rows({ view }: { view: AttestationView }) {
  return (
    <>
      <p>
        <b>{sums(view.totals)}</b>
      </p>
      <Wide label={t("attest.rows")}>
        <table class="plain numbers">
          <thead>
            <tr>
              <th scope="col">{t("attest.evening")}</th>
              <th scope="col">{t("attest.kind")}</th>
              <th scope="col">{t("attest.adults")}</th>
              <th scope="col">{t("attest.minutes")}</th>
              <th scope="col">{t("attest.source")}</th>
            </tr>
          </thead>
          <tbody>
            {view.rows.map((row) => (
              <tr key={`${row.evening} ${row.kind} ${row.minutes} ${row.adults} ${row.source}`}>
                <th scope="row">
                  {fullDate(row.evening)}, {t(`rota.when.${row.when}`).toLowerCase()}
                </th>
                <td>{t(`rota.kind.${row.kind}`)}</td>
                <td class="num">{row.adults ?? "–"}</td>
                <td class="num">{row.minutes}</td>
                <td>{t(`attest.source.${row.source}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </>
  );
}

function SignForm({ of, view, again }: { of: Period; view: AttestationView; again: () => void }) {
  const [name, setName] = useState("");
  const asking = useAsking(again);
  function sign(event: Event) {
    event.preventDefault();
    const body = { ...of, digest: view.digest, name: name.trim() };
    void asking.ask("/api/rota/attestations", body, t("attest.signed"));
  }
  return (
    <form class="stack" onSubmit={sign}>
      {view.attested.some((it) => it.overlaps) && <p class="t-need">{t("attest.overlaps")}</p>}
      <TextField label={t("attest.name")} hint={t("attest.name_hint")} value={name} onValue={setName} max={80} />
      <Problem text={asking.problem} />
      <p>
        <button type="submit" class="btn" disabled={asking.busy || !name.trim()}>
          {t("attest.sign")}
        </button>
      </p>
    </form>
  );
}

const FORMATS = ["html", "pdf", "docx", "xlsx", "csv"] as const;

function Attested({ view, again }: { view: AttestationView; again: () => void }) {
  return (
    <>
      <h3>{t("attest.before")}</h3>
      <ul class="phonelist rota-wrap">
        {view.attested.map((it) => {
          const what = t("attest.span", { first: plainDate(it.first), last: fullDate(it.last) });
          return (
            <li key={it.id} class="stack">
              <p>
                <b>{what}</b> {sums(it.totals)}
              </p>
              <p class="quiet">{t("attest.by", { who: it.signed_by, day: fullDate(dateIn(it.signed_at)) })}</p>
              <p class="acts">
                {FORMATS.map((format) => (
                  <a
                    key={format}
                    class="btn"
                    href={`/api/rota/attestations/${it.id}/${format}`}
                    aria-label={`${t(`attest.format.${format}`)}: ${what}`}
                    {...(format === "html" ? { target: "_blank", rel: "noopener" } : { download: true })}
                  >
                    {t(`attest.format.${format}`)}
                  </a>
                ))}
              </p>
              <TakeBack it={it} what={what} again={again} />
            </li>
          );
        })}
      </ul>
    </>
  );
}

/** It stays in the list, marked: somebody may have paid by it. */
function TakeBack({ it, what, again }: { it: AttestationView["attested"][number]; what: string; again: () => void }) {
  const [reason, setReason] = useState("");
  const sending = useSubmit();
  const back = it.taken_back;
  if (back) return <p class="t-need">{t("attest.taken_back", { ...back, day: fullDate(dateIn(back.at)) })}</p>;
  async function takeBack(event: Event) {
    event.preventDefault();
    const act = operation("rota.unattest", it.id, { reason: reason.trim() }, it.version);
    if (await sending.send(t("attest.taken_back_now"), act)) again();
  }
  return (
    <details>
      <summary class="btn plain">
        {t("attest.take_back")} <span class="sr">{what}</span>
      </summary>
      <form class="stack" onSubmit={(event) => void takeBack(event)}>
        <TextField
          label={t("attest.take_back_reason")}
          hint={t("attest.take_back_hint")}
          value={reason}
          onValue={setReason}
          max={200}
        />
        <Problem text={sending.problem} />
        <p>
          <button type="submit" class="btn" disabled={sending.busy || !reason.trim()}>
            {t("attest.take_back_go")}
          </button>
        </p>
      </form>
    </details>
  );
}
