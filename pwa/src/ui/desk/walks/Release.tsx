import { icons } from "virtual:icons?eye,undo-2,chevron-left,circle-alert";
import { useState } from "preact/hooks";
import type { Operation, Outcome, ReleaseRow, ReleaseView, Uuid } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { useLoad } from "../data/load";
import { Refusal, submitEach } from "../data/submit";
import { refusalText } from "../data/troubleWords";
import { CheckField, GuardedText, TextField } from "../parts/Fields";
import { useKeys } from "../parts/keys";
import { say } from "../parts/live";
import { Page } from "../parts/Page";
import { EmptyCard, Ready } from "../parts/StateCard";
import { href } from "../router";
import { dateIn, plainDate } from "../time/stockholm";
import { cameOf, firstWords, printOf, publish, type Shown, withdraw } from "./release";

const POLL_MS = 15_000;

/** A walk's findings as everybody would read them. Each is read and ticked by itself, and nothing is ticked before. */
export function Release({ id }: { id: Uuid }) {
  const view = useLoad<ReleaseView>(`/api/walks/${id}/release`, POLL_MS);
  return (
    <Page title={t("release.title")}>
      <p>
        <a class="way" href={href(`/vandringar/${id}`)}>
          <Icon drawing={icons["chevron-left"] ?? ""} />
          {view.data?.walk_name ?? t("room.vandringar")}
        </a>
      </p>
      <h1 tabIndex={-1}>{t("release.title")}</h1>
      <Ready of={view}>{(read) => <List walk={id} view={read} />}</Ready>
    </Page>
  );
}

const first = (row: ReleaseRow) => firstWords(row, t("release.first_words", { date: plainDate(dateIn(row.seen_at)) }));

function List({ walk, view }: { walk: Uuid; view: ReleaseView }) {
  const [written, setWritten] = useState<ReadonlyMap<Uuid, Shown>>(new Map());
  const [ticked, setTicked] = useState<ReadonlyMap<Uuid, string>>(new Map());
  const [refused, setRefused] = useState<ReadonlyMap<Uuid, string>>(new Map());
  const [released, setReleased] = useState<readonly Uuid[]>([]);
  const [busy, setBusy] = useState(false);
  const guard = useGuard();
  const waiting = view.findings.filter((row) => row.publication?.state !== "public");
  const already = view.findings.filter((row) => row.publication?.state === "public");
  const shownOf = (row: ReleaseRow) => written.get(row.id) ?? first(row);
  const isTicked = (row: ReleaseRow) => ticked.get(row.id) === printOf(row, shownOf(row));
  const chosen = waiting.filter(isTicked);

  async function send(operations: Operation[], done: "done" | "undone"): Promise<Uuid[]> {
    setBusy(true);
    const outcomes = await submitEach(operations).finally(() => setBusy(false));
    const came = cameOf(operations, outcomes);
    setRefused(new Map(came.refused.map((one) => [one.id, whyNot(one.outcome)])));
    if (came.done.length > 0) say(t(`release.${done}`, { n: came.done.length }));
    return came.done;
  }
  async function release() {
    const stopped = new Map<Uuid, string>();
    for (const row of chosen) {
      const objection = guard([shownOf(row).text, shownOf(row).place_words]);
      if (objection) stopped.set(row.id, objection);
    }
    if (stopped.size > 0) return setRefused(stopped);
    setReleased(
      await send(
        chosen.map((row) => publish(row, shownOf(row))),
        "done",
      ),
    );
  }
  async function takeBack() {
    const gone = await send(released.map(withdraw), "undone");
    setReleased(released.filter((id) => !gone.includes(id)));
  }
  useKeys(released.length > 0 && !busy ? { z: () => void takeBack() } : {});

  return (
    <>
      <p class="lead">{t("release.lead")}</p>
      <NotHere walk={walk} left={view.left} />
      {view.findings.length === 0 && <EmptyCard title={t("release.empty.title")} text={t("release.empty.text")} />}
      {waiting.map((row) => (
        <Finding
          key={row.id}
          row={row}
          shown={shownOf(row)}
          ticked={isTicked(row)}
          refused={refused.get(row.id) ?? ""}
          onShown={(shown) => setWritten(new Map(written).set(row.id, shown))}
          onTick={(on) => setTicked(new Map(ticked).set(row.id, on ? printOf(row, shownOf(row)) : ""))}
        />
      ))}
      {already.length > 0 && (
        <section class="stack" aria-labelledby="already">
          <h2 id="already">{t("release.already")}</h2>
          {already.map((row) => (
            <div key={row.id} class="released">
              <AsRead row={row} shown={row.publication ?? first(row)} />
              <button type="button" class="btn" disabled={busy} onClick={() => void send([withdraw(row.id)], "undone")}>
                {t("publish.withdraw")}
              </button>
              <Why text={refused.get(row.id) ?? ""} />
            </div>
          ))}
        </section>
      )}
      {view.findings.length > 0 && (
        <div class="bulk">
          <p role="status">
            <b>{t("release.chosen", { n: chosen.length })}</b>
            {refused.size > 0 && ` ${t("release.some", { n: refused.size })}`}
          </p>
          <button type="button" class="btn go" disabled={busy || chosen.length === 0} onClick={() => void release()}>
            <Icon drawing={icons.eye ?? ""} />
            {t("release.now", { n: chosen.length })}
          </button>
          {released.length > 0 && (
            <button type="button" class="btn" disabled={busy} onClick={() => void takeBack()}>
              <Icon drawing={icons["undo-2"] ?? ""} />
              {t("release.undo", { n: released.length })} <kbd>z</kbd>
            </button>
          )}
        </div>
      )}
    </>
  );
}

function whyNot(outcome: Outcome | undefined): string {
  return refusalText(new Refusal(outcome?.code ?? outcome?.outcome ?? "fault", outcome?.facts ?? {}));
}

/** What is not in the list, and that it is not: nobody looks for it in vain, and nobody finds it here. */
function NotHere({ walk, left }: { walk: Uuid; left: ReleaseView["left"] }) {
  const said = (["unsorted", "held", "social", "other"] as const).filter((why) => left[why] > 0);
  if (said.length === 0) return null;
  return (
    <p class="quiet">
      {said.map((why) => t(`release.left.${why}`, { n: left[why] })).join(" ")}{" "}
      {left.unsorted > 0 && <a href={href(`/inkommet?walk=${walk}`)}>{t("release.sort_first")}</a>}
    </p>
  );
}

interface FindingProps {
  row: ReleaseRow;
  shown: Shown;
  ticked: boolean;
  refused: string;
  onShown: (shown: Shown) => void;
  onTick: (on: boolean) => void;
}

function Finding({ row, shown, ticked, refused, onShown, onTick }: FindingProps) {
  return (
    <article class={`release${ticked ? " sel" : ""}`} aria-label={`${row.number}, ${row.category}`}>
      <AsRead row={row} shown={shown} />
      <div class="stack">
        <GuardedText
          label={t("publish.text")}
          value={shown.text}
          max={1000}
          onValue={(text) => onShown({ ...shown, text })}
        />
        <TextField
          label={t("publish.place")}
          value={shown.place_words}
          max={120}
          optional
          onValue={(place_words) => onShown({ ...shown, place_words })}
        />
        {row.photos.map((photo, n) => (
          <div key={photo} class="release-photo">
            <img
              class="photo"
              src={`/photos/${photo}?size=full`}
              alt={t("release.photo_of", { n: n + 1, what: row.category })}
              loading="lazy"
            />
            <CheckField
              label={t("release.photo", { n: n + 1 })}
              checked={shown.photos.includes(photo)}
              onValue={(on) =>
                onShown({
                  ...shown,
                  photos: row.photos.filter((id) => (id === photo ? on : shown.photos.includes(id))),
                })
              }
            />
          </div>
        ))}
        {row.photos_left > 0 && <p class="quiet">{t("release.photos_left", { n: row.photos_left })}</p>}
        {shown.text.trim() ? (
          <CheckField label={t("release.tick", { number: row.number })} checked={ticked} onValue={onTick} />
        ) : (
          <p class="quiet">{t("release.no_words")}</p>
        )}
        <Why text={refused} />
      </div>
    </article>
  );
}

function Why({ text }: { text: string }) {
  return text ? (
    <p class="error" role="alert">
      <Icon drawing={icons["circle-alert"] ?? ""} /> {text}
    </p>
  ) : null;
}

/** Nothing but what everybody sees: category, words, place to a hundred metres, what has come of it, chosen photos. */
function AsRead({ row, shown }: { row: ReleaseRow; shown: Pick<Shown, "text" | "place_words" | "photos"> }) {
  return (
    <section class="as-read box stack" aria-label={t("release.as_read")}>
      <p class="quiet">{t("release.as_read")}</p>
      <h3>{row.category}</h3>
      <p class="reply">{shown.text.trim()}</p>
      {shown.place_words.trim() && <p>{shown.place_words.trim()}</p>}
      <p class="quiet num">
        {row.lat === null || row.lon === null
          ? t("release.nowhere")
          : t("release.about_there", { lat: row.lat.toFixed(3), lon: row.lon.toFixed(3) })}
      </p>
      <p class="quiet">{row.notes}</p>
      {shown.photos.map((photo, n) => (
        <img
          key={photo}
          class="photo"
          src={`/photos/${photo}?size=full`}
          alt={t("release.photo_of", { n: n + 1, what: row.category })}
        />
      ))}
    </section>
  );
}
