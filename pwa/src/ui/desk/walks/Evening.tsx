import { icons } from "virtual:icons?chevron-left,qr-code,pencil,flag,clock-alert,badge-check,copy,file-text,eye";
import { useSignal } from "@preact/signals";
import { cardCode, phonesWithCode } from "../../../domain/card";
import { clock } from "../../../domain/times";
import type {
  AnswerRow,
  FeelingRow,
  MunicipalityState,
  PhoneRow,
  ProtocolRates,
  StopBody,
  WalkRow,
} from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { GroupMessage } from "../links/GroupMessage";
import { Problem } from "../parts/Fields";
import { Page } from "../parts/Page";
import { Ready } from "../parts/StateCard";
import { Wide } from "../parts/Wide";
import { href } from "../router";
import { dateIn, plainDate, shortMoment } from "../time/stockholm";
import { Announce } from "./Announce";
import { WalkCard } from "./WalkCard";

type WholeWalk = WalkRow & {
  phones: PhoneRow[];
  feelings: FeelingRow[];
  answers: AnswerRow[];
  rates: ProtocolRates;
};

/** C2: the walk while it goes on, and the day after. */
export function Evening({ id }: { id: string }) {
  const walk = useLoad<WholeWalk>(`/api/walks/${id}`, 5000);
  const municipality = useLoad<MunicipalityState>("/api/municipality");
  return (
    <Page title={walk.data?.name ?? t("evening.title")}>
      <p>
        <a class="back-link" href={href("/vandringar")}>
          <Icon drawing={icons["chevron-left"] ?? ""} />
          {t("evening.all")}
        </a>
      </p>
      <Ready of={walk}>
        {(row) => (
          <>
            <Head walk={row} />
            {row.rates.actions > 0 && <Rates rates={row.rates} />}
            <Phones phones={row.phones} walk={row.id} />
            <Feelings walk={row} />
            <Answers walk={row} municipality={municipality.data} />
            <Announce walk={row.id} />
            <WalkCard walk={row.id} />
            <GroupMessage walk={row.id} />
          </>
        )}
      </Ready>
    </Page>
  );
}

function Head({ walk }: { walk: WholeWalk }) {
  const sending = useSubmit();
  return (
    <>
      <h1 tabIndex={-1}>{walk.name}</h1>
      <p class="lead">
        {t("evening.when", {
          date: plainDate(dateIn(walk.starts_at)),
          from: clock(walk.starts_at),
          to: clock(walk.ends_at),
          place: walk.place,
        })}{" "}
        {t("evening.lead", { phones: walk.phones.length, received: walk.received })}
      </p>
      <p class="acts">
        <a class="btn" href={href(`/inkommet?walk=${walk.id}`)}>
          {t("evening.findings", { n: walk.received })}
        </a>
        <a class="btn" href={href(`/vandringar/${walk.id}/protokoll`)}>
          <Icon drawing={icons["file-text"] ?? ""} />
          {t("protocol.title")}
        </a>
        <a class="btn" href={href(`/vandringar/${walk.id}/visa`)}>
          <Icon drawing={icons.eye ?? ""} />
          {t("release.open")}
        </a>
        {walk.state === "planned" && (
          <>
            <a class="btn" href={href(`/vandringar/${walk.id}/inbjudan`)}>
              <Icon drawing={icons["qr-code"] ?? ""} />
              {t("walks.invite")}
            </a>
            <a class="btn" href={href(`/vandringar/${walk.id}/andra`)}>
              <Icon drawing={icons.pencil ?? ""} />
              {t("evening.change")}
            </a>
            <button
              type="button"
              class="btn"
              disabled={sending.busy}
              onClick={() => void sending.send(t("evening.ended"), operation("walk.end", walk.id, {}, walk.version))}
            >
              <Icon drawing={icons.flag ?? ""} />
              {t("evening.end")}
            </button>
          </>
        )}
        <a class="btn" href={href(`/vandringar/ny?som=${walk.id}`)}>
          <Icon drawing={icons.copy ?? ""} />
          {t("walks.copy")}
        </a>
      </p>
      <Problem text={sending.problem} />
    </>
  );
}

/** Said and seen are two numbers, and stay two. */
function Rates({ rates }: { rates: ProtocolRates }) {
  return (
    <p>
      {t("evening.rates", { n: rates.actions })} {t("evening.claimed", { n: rates.claimed })}{" "}
      {t("evening.verified", { n: rates.verified })}
    </p>
  );
}

/** Nothing is known to be left on the phone. The same rule as the server's count in the list of walks. */
export function isDone(phone: PhoneRow): boolean {
  return phone.drafts === 0 && phone.needs_you === 0 && phone.missing_operations === 0 && phone.missing_photos === 0;
}

function Phones({ phones, walk }: { phones: PhoneRow[]; walk: string }) {
  const undone = phones.filter((phone) => !isDone(phone));
  const typed = useSignal("");
  const found = phonesWithCode(phones, typed.value);
  return (
    <section class="group">
      <h2 id="phones">{t("evening.phones")}</h2>
      <p class={undone.length ? "tag t-need" : "tag t-calm"}>
        {phones.length > 0 && <Icon drawing={(undone.length ? icons["clock-alert"] : icons["badge-check"]) ?? ""} />}
        {phones.length === 0 ? t("evening.no_phones") : t("evening.not_done", { n: undone.length })}
      </p>
      {phones.length > 0 && (
        <>
          <label class="field-label" for="phone-code">
            {t("evening.find_phone")}
          </label>
          <input
            id="phone-code"
            class="input phonecode num"
            type="search"
            autocomplete="off"
            spellcheck={false}
            placeholder="ABCD-EFGH"
            aria-describedby="phone-code-found"
            value={typed.value}
            onInput={(event) => {
              typed.value = event.currentTarget.value;
            }}
          />
          <p id="phone-code-found" class="quiet" role="status">
            {typed.value.trim() === "" ? t("evening.find_help") : t("evening.found", { n: found.length })}
          </p>
        </>
      )}
      {phones.length > 0 && (
        <p>
          <a class="btn" href={href(`/telefoner?vandring=${walk}`)}>
            {t("evening.phones_more")}
          </a>
        </p>
      )}
      {found.length > 0 && (
        <Wide label={t("evening.phones")}>
          <table class="plain">
            <thead>
              <tr>
                <th scope="col">{t("evening.phone")}</th>
                <th scope="col">{t("evening.code")}</th>
                <th scope="col">{t("evening.seen")}</th>
                <th scope="col">{t("evening.status")}</th>
              </tr>
            </thead>
            <tbody>
              {found.map((phone) => (
                <tr key={phone.id}>
                  <th scope="row">{phone.alias || t("evening.phone_no", { n: phones.indexOf(phone) + 1 })}</th>
                  <td class="num nowrap">{cardCode(phone.id)}</td>
                  <td class="num">{shortMoment(phone.last_seen_at)}</td>
                  <td>{phoneWords(phone)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
    </section>
  );
}

function phoneWords(phone: PhoneRow): string {
  if (phone.handed_in_at === null)
    return phone.drafts > 0 ? t("phone.drafts", { n: phone.drafts }) : t("phone.not_handed_in");
  const missing = [
    phone.missing_operations > 0 ? t("phone.operations", { n: phone.missing_operations }) : "",
    phone.missing_photos > 0 ? t("phone.photos", { n: phone.missing_photos }) : "",
  ].filter(Boolean);
  return missing.length
    ? t("phone.missing", { what: missing.join(", ") })
    : t("phone.done", { time: shortMoment(phone.handed_in_at) });
}

function Feelings({ walk }: { walk: WholeWalk }) {
  const at = (stop: StopBody) => walk.feelings.find((row) => row.stop === stop.id);
  return (
    <section class="group">
      <h2 id="feelings">{t("evening.feelings")}</h2>
      <p class="quiet">{t("evening.feelings_mean")}</p>
      <Wide label={t("evening.feelings")}>
        <table class="plain numbers">
          <thead>
            <tr>
              <th scope="col">{t("evening.stop")}</th>
              <th scope="col">{t("feeling.safe")}</th>
              <th scope="col">{t("feeling.neither")}</th>
              <th scope="col">{t("feeling.unsafe")}</th>
              <th scope="col">{t("evening.n")}</th>
            </tr>
          </thead>
          <tbody>
            {walk.stops.map((stop) => {
              const row = at(stop);
              return (
                <tr key={stop.id}>
                  <th scope="row">
                    {stop.number}. {stop.name}
                  </th>
                  <td>{row?.safe ?? "–"}</td>
                  <td>{row?.neither ?? "–"}</td>
                  <td>{row?.unsafe ?? "–"}</td>
                  <td>{row?.n ?? "–"}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Wide>
    </section>
  );
}

function Answers({ walk, municipality }: { walk: WholeWalk; municipality: MunicipalityState | null }) {
  const stops = walk.stops.filter((stop) => walk.answers.some((row) => row.stop === stop.id));
  const question = (stop: StopBody, item: string) =>
    municipality?.templates
      .find((template) => template.id === stop.template)
      ?.items.find((found) => found.code === item)?.question ?? item;
  return (
    <section class="group">
      <h2 id="answers">{t("evening.answers")}</h2>
      {stops.length === 0 && <p class="quiet">{t("evening.no_answers")}</p>}
      {stops.map((stop) => (
        <details key={stop.id}>
          <summary>
            {stop.number}. {stop.name}
          </summary>
          <table class="plain numbers">
            <thead>
              <tr>
                <th scope="col">{t("evening.question")}</th>
                <th scope="col">{t("answer.yes")}</th>
                <th scope="col">{t("answer.no")}</th>
                <th scope="col">{t("answer.unknown")}</th>
              </tr>
            </thead>
            <tbody>
              {walk.answers
                .filter((row) => row.stop === stop.id)
                .map((row) => (
                  <tr key={row.item}>
                    <th scope="row">{question(stop, row.item)}</th>
                    <td>{row.yes}</td>
                    <td>{row.no}</td>
                    <td>{row.unknown}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </details>
      ))}
    </section>
  );
}
