import { icons } from "virtual:icons?badge-check,clock-alert,copy,lock-keyhole";
import { useState } from "preact/hooks";
import { cardCode } from "../../../domain/card";
import type { PhoneRow, WalkRow } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, TextField } from "../parts/Fields";
import { say } from "../parts/live";
import { Page } from "../parts/Page";
import { EmptyCard, Ready } from "../parts/StateCard";
import { href, query } from "../router";
import { shortMoment } from "../time/stockholm";
import { HeldList } from "./HeldList";
import { RescueImport } from "./RescueImport";

interface Found {
  phones: PhoneRow[];
  not_done: number;
  held: number;
  photos_wait: number;
  store_silent_since: string | null;
}
const POLL_MS = 10_000;

/** Phones that promised something that has not come; what waits for a person; files carried in by hand. */
export function PhonesPage() {
  const walk = query.value.get("vandring") ?? "";
  const found = useLoad<Found>(`/api/phones${walk ? `?walk=${walk}` : ""}`, POLL_MS);
  const one = useLoad<WalkRow>(walk ? `/api/walks/${walk}` : null);
  return (
    <Page title={t("phones.title")}>
      <h1 tabIndex={-1}>{t("phones.title")}</h1>
      <p class="lead">{walk ? t("phones.of_walk", { name: one.data?.name ?? "" }) : t("phones.lead")}</p>
      {walk && (
        <p>
          <a href={href("/telefoner")}>{t("phones.all")}</a>
        </p>
      )}
      <Ready of={found}>
        {({ phones, not_done, photos_wait, store_silent_since }) => (
          <>
            <PhotosWait n={photos_wait} since={store_silent_since} />
            {phones.length === 0 ? (
              <EmptyCard title={t("phones.empty.title")} text={t("phones.empty.text")} />
            ) : (
              <>
                <p class={not_done > 0 ? "tag t-need" : "tag t-calm"}>
                  <Icon drawing={(not_done > 0 ? icons["clock-alert"] : icons["badge-check"]) ?? ""} />
                  {t("phones.count", { n: not_done })}
                </p>
                <ul class="phonelist">
                  {phones.map((phone) => (
                    <Phone key={phone.id} phone={phone} />
                  ))}
                </ul>
              </>
            )}
          </>
        )}
      </Ready>
      <HeldList />
      <RescueImport />
    </Page>
  );
}

/** Whole photos that the object store has not taken yet: they are safe here, and go on by themselves. */
function PhotosWait({ n, since }: { n: number; since: string | null }) {
  if (n === 0 && !since) return null;
  const text = since ? t("phones.store_away", { n, time: shortMoment(since) }) : t("phones.photos_wait", { n });
  return (
    <p class="tag t-need" role="status">
      <Icon drawing={icons["clock-alert"] ?? ""} />
      {text}
    </p>
  );
}

/** What they called it, or its number on the walk; never more about whose it is. */
export function phoneName(phone: Pick<PhoneRow, "alias" | "number" | "kind">): string {
  return phone.alias || t(phone.kind === "field" ? "phones.field_no" : "phones.no", { n: phone.number });
}

function Phone({ phone }: { phone: PhoneRow }) {
  const [shutting, setShutting] = useState(false);
  const sending = useSubmit();
  const left = leftWords(phone);
  return (
    <li class="card phone">
      <h2>
        {phoneName(phone)} <span class="quiet num">{cardCode(phone.id)}</span>
      </h2>
      <p class="quiet">
        {phone.walk_name ? `${phone.walk_name}. ` : ""}
        {t("phones.seen", { time: shortMoment(phone.last_seen_at) })}
      </p>
      {left.length > 0 ? (
        <ul class="left">
          {left.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      ) : (
        <p>{t("phones.nothing")}</p>
      )}
      {phone.kept === false && <p class="quiet">{t("phones.not_kept")}</p>}
      {phone.revoked_at ? (
        <>
          <p class="tag t-need">
            <Icon drawing={icons["lock-keyhole"] ?? ""} />
            {t("phones.shut", { time: shortMoment(phone.revoked_at), by: phone.revoked_by })}
          </p>
          <p class="quiet">{phone.revoked_reason}</p>
          <button
            type="button"
            class="btn"
            disabled={sending.busy}
            onClick={() => void sending.send(t("phones.readmitted"), operation("device.readmit", phone.id, {}))}
          >
            {t("phones.readmit")}
          </button>
        </>
      ) : (
        <p class="acts">
          <button type="button" class="btn" onClick={() => void remind(phone)}>
            <Icon drawing={icons.copy ?? ""} />
            {t("phones.remind")}
          </button>
          <button type="button" class="btn" aria-expanded={shutting} onClick={() => setShutting(!shutting)}>
            <Icon drawing={icons["lock-keyhole"] ?? ""} />
            {t("phones.revoke")}
          </button>
        </p>
      )}
      {shutting && !phone.revoked_at && <Shut phone={phone} />}
      <Problem text={sending.problem} />
    </li>
  );
}

function Shut({ phone }: { phone: PhoneRow }) {
  const [reason, setReason] = useState("");
  const sending = useSubmit();
  const shut = (event: Event) => {
    event.preventDefault();
    void sending.send(t("phones.revoked"), operation("device.revoke", phone.id, { reason }));
  };
  return (
    <form onSubmit={shut}>
      <p>{t("phones.revoke_about")}</p>
      <TextField label={t("phones.why")} value={reason} onValue={setReason} max={200} />
      <Problem text={sending.problem} />
      <button type="submit" class="btn go" disabled={sending.busy}>
        {t("phones.revoke_yes")}
      </button>
    </form>
  );
}

/** What is known to be left on it, a line each; empty when nothing is. */
export function leftWords(phone: PhoneRow): string[] {
  return [
    phone.drafts > 0 ? t("phones.drafts", { n: phone.drafts }) : "",
    phone.missing_operations > 0
      ? t("phones.missing", { n: phone.missing_operations, which: ranges(phone.missing) })
      : "",
    phone.missing_photos > 0
      ? t("phones.photos", { here: phone.photos - phone.missing_photos, all: phone.photos })
      : "",
    phone.needs_you > 0 ? t("phones.needs_you", { n: phone.needs_you }) : "",
    phone.held > 0 ? t("phones.held", { n: phone.held }) : "",
  ].filter(Boolean);
}

/** "3–4, 6": at most four of them. */
export function ranges(missing: PhoneRow["missing"]): string {
  const shown = missing.slice(0, 4).map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`));
  return shown.join(", ") + (missing.length > 4 ? " …" : "");
}

/** A text to send by whatever way the coordinator knows the person: it says nothing of what was seen. */
async function remind(phone: PhoneRow): Promise<void> {
  const text = t("phones.remind_text", { code: cardCode(phone.id), walk: phone.walk_name || t("phones.the_walk") });
  try {
    await navigator.clipboard.writeText(text);
    say(t("phones.reminded"));
  } catch {
    prompt(t("phones.remind"), text);
  }
}
