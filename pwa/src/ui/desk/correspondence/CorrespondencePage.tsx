import { useState } from "preact/hooks";
import type { CorrespondenceView, PartyAddress, Uuid } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, TextField } from "../parts/Fields";
import { Page } from "../parts/Page";
import { Ready } from "../parts/StateCard";
import { shortMoment } from "../time/stockholm";
import { Texts } from "./Texts";

/** Where letters go, what replies begin with, and who has changed it. */
export function CorrespondencePage() {
  const found = useLoad<CorrespondenceView>("/api/correspondence");
  return (
    <Page title={t("brev.title")}>
      <h1 tabIndex={-1}>{t("brev.title")}</h1>
      <p class="lead">{t("brev.lead")}</p>
      <Ready of={found}>
        {(all) => (
          <>
            <section class="group stack" aria-labelledby="addresses">
              <h2 id="addresses">{t("brev.addresses")}</h2>
              <p class="quiet">{t("brev.addresses_about")}</p>
              {all.parties.map((party) => (
                <Address key={party.id} it={party} of={all.id} />
              ))}
              <p class="quiet">{t("brev.duty", { mail: all.duty })}</p>
            </section>
            <Texts all={all} />
            <Changes changes={all.changes} />
          </>
        )}
      </Ready>
    </Page>
  );
}

function Address({ it, of }: { it: PartyAddress; of: Uuid }) {
  const [mail, setMail] = useState(it.mail);
  const sending = useSubmit();
  const body = { organisation: it.id, mail: mail.trim() };
  return (
    <form
      class="card stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void sending.send(t("brev.address_saved"), operation("correspondence.address", of, body));
      }}
    >
      <TextField label={t("brev.address_of", { name: it.name })} value={mail} onValue={setMail} max={254} />
      {it.readers.length > 0 && <p class="quiet">{t("brev.readers", { who: it.readers.join(", ") })}</p>}
      {it.readers.length === 0 && !it.mail && <p class="tag t-need">{t("brev.nowhere")}</p>}
      <Problem text={sending.problem} />
      <p>
        <button
          type="submit"
          class="btn"
          disabled={sending.busy}
          aria-label={t("brev.save_address", { name: it.name })}
        >
          {t("brev.save")}
        </button>
      </p>
    </form>
  );
}

function change({ about, was, now }: CorrespondenceView["changes"][number]): string {
  const said = { about: about ?? t("brev.a_text"), was, now };
  if (was === "") return t("brev.added", said);
  return t(now === "" ? "brev.removed" : "brev.changed", said);
}

function Changes({ changes }: { changes: CorrespondenceView["changes"] }) {
  return (
    <section class="group" aria-labelledby="changes">
      <h2 id="changes">{t("brev.changes")}</h2>
      {changes.length === 0 && <p class="quiet">{t("brev.no_changes")}</p>}
      <ul class="left">
        {changes.map((it) => (
          <li key={`${it.at} ${it.about} ${it.now}`}>
            <span class="quiet num">{shortMoment(it.at)}</span> {it.by}. {change(it)}
          </li>
        ))}
      </ul>
    </section>
  );
}
