import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { accuracyWord } from "../../device/position";
import type { Position, Uuid } from "../../domain/wire";
import type { ObservationDraft } from "../../storage/drafts";
import type { PhotoRow } from "../../storage/rows";
import { say } from "../parts/Live";
import { follow, go } from "../parts/path";
import { t } from "../parts/words";
import { isDanger } from "./danger";
import { useGuard } from "./guarding";
import { answerPhoto, change, drop, regret } from "./record";
import { Go, Heading, Key, Note, Screen } from "./Screen";
import { categoryOf, observationOf, photos, stopAt, town, walk } from "./store";
import { Thumb } from "./Thumb";
import { cameraOff } from "./Tonight";
import { Gone } from "./What";

/** More about a finding: all of it may be left out, and all of it saves itself. */
export function More({ id }: { id: Uuid }) {
  const draft = observationOf(id);
  return draft ? <Details draft={draft} /> : <Gone />;
}

function Details({ draft }: { draft: ObservationDraft }) {
  const tile = town.value?.tiles.find(
    (one) => one.categories.includes(draft.category ?? "") || one.default === draft.category,
  );
  const category = categoryOf(draft.category);
  const stop = stopAt(draft.stop);
  const home = draft.checklist_item && stop ? `/checklista/${stop.id}` : "/";
  const camera = category?.photo !== false && walk.value !== null && !cameraOff(walk.value);
  return (
    <Screen
      back={home}
      foot={
        <div class={camera ? "two" : "one"}>
          {camera && (
            <Go class="side strong" to={`/kamera?fynd=${draft.id}&stopp=${draft.stop ?? ""}`} icon="camera">
              {t(draft.photos.length > 0 ? "photo.more" : "photograph")}
            </Go>
          )}
          <Go class="main" to={home}>
            {t(home === "/" ? "more.home" : "more.checklist")}
          </Go>
        </div>
      }
    >
      {regret.value?.about === draft.id && <Regret id={draft.id} />}
      <p class="kick">{stop ? t("stop.at", { n: stop.number, name: stop.name }) : t("stop.between")}</p>
      <Heading>{tile?.name ?? category?.name ?? t("what.unknown")}</Heading>
      <Go class="link inline" to={`/fynd/${draft.id}`}>
        {t("more.tile")}
      </Go>
      <p class="quiet">{t("more.saves")}</p>
      {draft.photos.map((photo) => {
        const row = photos.value.get(photo);
        return row && <PhotoQuestion key={photo} photo={row} back={`/fynd/${draft.id}/mer`} />;
      })}
      <Exactly draft={draft} codes={tile?.categories ?? []} />
      {category?.kind !== "P" && category?.kind !== "S" && <Severity draft={draft} />}
      <Words draft={draft} />
      <Where draft={draft} />
      <Remove draft={draft} home={home} />
    </Screen>
  );
}

function Regret({ id }: { id: Uuid }) {
  const undo = async () => {
    await regret.value?.undo();
    say(t("more.photoback"));
    go(`/fynd/${id}`, { replace: true });
  };
  return (
    <div class="card justsaved two-col">
      <p>{t("more.photogone")}</p>
      <Key class="side slim" icon="undo-2" onClick={() => void undo()}>
        {t("undo")}
      </Key>
    </div>
  );
}

/** Is anybody in the picture? Until this is answered the photo stays on the phone. */
export function PhotoQuestion({ photo, back }: { photo: PhotoRow; back: string }) {
  const address = `/foto/${photo.id}?till=${back}`;
  return (
    <section class="card photoq">
      <a href={address} onClick={follow(address)} aria-label={t("mask.open")}>
        <Thumb id={photo.id} icon="image" revision={photo.revision} />
      </a>
      <div>
        <p class="q">{photo.checked ? t("mask.answered", { n: photo.masks }) : t("mask.question")}</p>
        {!photo.checked && (
          <Key class="side" onClick={() => void answerPhoto(photo)}>
            {t("mask.nobody")}
          </Key>
        )}
        <Go class={photo.checked ? "link inline" : "side"} to={address} icon={photo.checked ? "" : "square-dashed"}>
          {t(photo.checked ? "change" : "mask.hide")}
        </Go>
      </div>
    </section>
  );
}

function Exactly({ draft, codes }: { draft: ObservationDraft; codes: readonly string[] }) {
  const others = codes.map(categoryOf).filter((category) => category !== undefined);
  if (others.length < 2) return null;
  const put = async (code: string) => {
    await change(draft.id, { category: code });
    if (isDanger(draft.severity, categoryOf(code))) go(`/fynd/${draft.id}/fara`);
  };
  return (
    <section>
      <h2 class="q">{t("more.which")}</h2>
      <div class="exact" role="group" aria-label={t("more.which")}>
        {others.map(({ code, name }) => (
          <Key
            key={code}
            class={draft.category === code ? "choice on" : "choice"}
            pressed={draft.category === code}
            onClick={() => void put(code)}
          >
            {name}
          </Key>
        ))}
      </div>
    </section>
  );
}

const LEVELS = [0, 1, 2, 3] as const;

function Severity({ draft }: { draft: ObservationDraft }) {
  const put = async (level: (typeof LEVELS)[number]) => {
    const severity = draft.severity === level ? null : level;
    await change(draft.id, { severity });
    if (severity === 3) go(`/fynd/${draft.id}/fara`);
  };
  return (
    <section>
      <h2 class="q">{t("severity")}</h2>
      <div class="two" role="group" aria-label={t("severity")}>
        {LEVELS.map((level) => (
          <Key
            key={level}
            class={draft.severity === level ? "choice on" : "choice"}
            pressed={draft.severity === level}
            onClick={() => void put(level)}
          >
            {t(`severity.${level}`)}
          </Key>
        ))}
      </div>
      {isDanger(draft.severity, categoryOf(draft.category)) && (
        <Go class="link inline" to={`/fynd/${draft.id}/fara`}>
          {t("danger.open")}
        </Go>
      )}
    </section>
  );
}

const PAUSE_MS = 250;

/** A text that saves itself a moment after the last letter, and at once when the field or the screen is left. */
export function useSavedText(saved: string, save: (text: string) => void) {
  const text = useSignal(saved);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef(save);
  latest.current = save;
  const flush = () => {
    if (timer.current === undefined) return;
    clearTimeout(timer.current);
    timer.current = undefined;
    latest.current(text.value);
  };
  useEffect(() => {
    addEventListener("pagehide", flush);
    return () => {
      removeEventListener("pagehide", flush);
      flush();
    };
  }, []);
  const type = (value: string) => {
    text.value = value;
    clearTimeout(timer.current);
    timer.current = setTimeout(flush, PAUSE_MS);
  };
  return { text: text.value, type, flush };
}

function Words({ draft }: { draft: ObservationDraft }) {
  const field = useSavedText(draft.text, (text) => void change(draft.id, { text }));
  return (
    <section>
      <label class="q" for="text">
        {t("more.text")}
      </label>
      <textarea
        id="text"
        class="input"
        rows={3}
        maxLength={500}
        value={field.text}
        aria-describedby="text-note text-guard"
        onInput={(event) => field.type(event.currentTarget.value)}
        onBlur={field.flush}
      />
      <p class="quiet" id="text-note">
        {t("more.public")}
      </p>
      <Guard text={field.text} id="text-guard" />
    </section>
  );
}

/** Explains what must not stand there; the text itself is never changed. */
export function Guard({ text, id }: { text: string; id: string }) {
  const found = useGuard(text);
  const stern = found && found.verdict !== "ok";
  return (
    <div id={id} aria-live="polite">
      {stern && (
        <Note icon="hand" tone="t-need">
          {found.explain.map(({ what, next }) => (
            <span key={what} class="count">
              {what} {next}
            </span>
          ))}
          <b>{t(found.verdict === "block" ? "guard.block" : "guard.ask")}</b>
        </Note>
      )}
    </div>
  );
}

export function positionWords(position: Position | null, stop: { number: number } | null): string {
  if (!position) return t("position.unknown");
  if (position.source === "stop") return stop ? t("position.stop", { n: stop.number }) : t("position.unknown");
  if (position.source === "moved") return t("position.moved");
  if (position.accuracy_m === null) return t("position.measured");
  return t("finder.place", { metres: position.accuracy_m, word: t(`accuracy.${accuracyWord(position.accuracy_m)}`) });
}

function Where({ draft }: { draft: ObservationDraft }) {
  const field = useSavedText(draft.place_words, (place_words) => void change(draft.id, { place_words }));
  return (
    <section>
      <div class="wherechip">
        <p class="tag">{positionWords(draft.position, stopAt(draft.stop))}</p>
        <Go class="side slim" to={`/fynd/${draft.id}/plats`} icon="map-pin">
          {t("position.move")}
        </Go>
      </div>
      <label class="q" for="place">
        {t("position.words")} <span class="quiet">{t("join.free")}</span>
      </label>
      <input
        id="place"
        class="input"
        maxLength={120}
        value={field.text}
        placeholder={t("position.example")}
        aria-describedby="place-guard"
        onInput={(event) => field.type(event.currentTarget.value)}
        onBlur={field.flush}
      />
      <Guard text={field.text} id="place-guard" />
    </section>
  );
}

function Remove({ draft, home }: { draft: ObservationDraft; home: string }) {
  const sure = useSignal(false);
  const remove = async () => {
    await drop(draft.id);
    say(t("removed"));
    go(home, { replace: true });
  };
  if (!sure.value) {
    return (
      <Key
        class="link"
        icon="trash-2"
        onClick={() => {
          sure.value = true;
        }}
      >
        {t("remove")}
      </Key>
    );
  }
  return (
    <div class="card" role="alert">
      <p class="q">{t("remove.sure", { n: draft.photos.length })}</p>
      <div class="two">
        <Key class="side" icon="trash-2" onClick={() => void remove()}>
          {t("remove.yes")}
        </Key>
        <Key
          class="side"
          onClick={() => {
            sure.value = false;
          }}
        >
          {t("remove.no")}
        </Key>
      </div>
    </div>
  );
}
