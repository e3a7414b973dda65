import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { type Camera, type CameraTrouble, hasPicture, NoCamera, openCamera, show } from "../../device/camera";
import { feelSaved } from "../../device/feel";
import { accuracyWord } from "../../device/position";
import { darkroom, fromFile, fromVideo, NotAPicture, type Shot } from "../../device/shrink";
import type { Uuid } from "../../domain/wire";
import { StorageFull } from "../../storage/database";
import { type ObservationDraft, saveObservation } from "../../storage/drafts";
import { Icon } from "../parts/Icon";
import { flash, say } from "../parts/Live";
import { go, path, query } from "../parts/path";
import { StateCard } from "../parts/StateCard";
import { t } from "../parts/words";
import { drawing } from "./icons";
import { begun, dropIfEmpty, keepShot } from "./record";
import { Go, Heading, Key, Note, Screen, TopRow } from "./Screen";
import { db, observationOf, reload, stopAt, templateOf, trouble as troubleNow, walk } from "./store";
import { cameraOff } from "./Tonight";
import { warmPosition, where } from "./where";

/** Where a photo belongs, as it was when the shutter was pressed: meanwhile somebody may have gone elsewhere. */
type Place = { about: ObservationDraft; instead: Uuid | null };

/** What stopped a photo from being saved. The pixels are kept, so that trying again needs no new photo. */
type Failure = { why: "full" | "failed" | "not_a_picture"; kept: { shot: Shot; place: Place } | null };

/** The finding this photo belongs to: one begun before ("Ett foto till"), or a new one at this stop. */
function subject() {
  const asked = query.value;
  const known = observationOf(asked.get("fynd") ?? "");
  if (known) return known;
  if (waitingForFile) return waitingForFile;
  const stop = stopAt(asked.get("stopp"));
  const item = stop && templateOf(stop)?.items.find((one) => one.code === asked.get("fraga"));
  return begun(stop, item ? { item: item.code, category: item.category } : null);
}

/** Viewfinder first: the photo is on the phone before anything is asked about it. */
export function Finder() {
  const camera = useSignal<Camera | null>(null);
  const trouble = useSignal<CameraTrouble | null>(null);
  const failure = useSignal<Failure | null>(null);
  const video = useRef<HTMLVideoElement>(null);
  const taking = useRef(false);
  const isHere = useRef(true);
  // A cold thumb is quicker than the camera: a tap while it opens is kept, and taken when there is something to see.
  const wanted = useRef(false);

  const start = () => {
    trouble.value = null;
    return openCamera().then(
      (opened) => {
        camera.value = opened;
        return opened;
      },
      (error: unknown) => {
        trouble.value = error instanceof NoCamera ? error.trouble : "none";
        return null;
      },
    );
  };
  useEffect(warmPosition, []);
  useEffect(() => void darkroom(), []);
  useEffect(() => {
    let gone = false;
    const opening = start().then((opened) => {
      if (gone) opened?.close();
      return opened;
    });
    return () => {
      gone = true;
      isHere.current = false;
      void pickedNothing();
      void opening.then(() => camera.value?.close());
    };
  }, []);
  useEffect(() => {
    // Asked beside the shutter, never in its way; photos that are proven received make way first.
    void import("../../storage/room")
      .then(({ roomForPhoto }) => roomForPhoto(db))
      .then((room) => {
        if (room === "full") failure.value = { why: "full", kept: null };
      })
      .catch(() => undefined);
  }, []);
  useEffect(() => {
    if (!video.current || !camera.value) return;
    show(camera.value, video.current);
    if (wanted.current) shoot();
    // A failure takes the viewfinder off the screen; afterwards it is another element, and shows nothing by itself.
  }, [camera.value, failure.value]);

  const fails = (why: Failure["why"], kept: Failure["kept"]) => {
    failure.value = { why, kept };
    // Whoever has left sees no screen of ours, and must still not believe that it was saved.
    if (!isHere.current) troubleNow.value = why === "full" ? "full" : "failed";
  };
  const save = async (shot: Shot, place: Place) => {
    const { about, instead } = place;
    try {
      await keepShot(about, shot, instead);
    } catch (error) {
      fails(error instanceof StorageFull ? "full" : "failed", { shot, place });
      return;
    }
    if (waitingForFile?.id === about.id) waitingForFile = null;
    feelSaved();
    flash();
    say(t("chip.saved", { n: 1 }));
    await reload();
    if (isHere.current) go(next(about.id, about.category), { replace: true });
  };
  const grab = async (
    from: () => Shot | Promise<Shot>,
    place: Place = { about: subject(), instead: query.value.get("om") },
  ) => {
    if (taking.current) return;
    taking.current = true;
    performance.mark("shutter");
    try {
      await save(await from(), place);
    } catch (error) {
      fails(error instanceof NotAPicture ? "not_a_picture" : "failed", null);
    } finally {
      taking.current = false;
    }
  };
  const shoot = () => {
    const shown = video.current;
    if (!shown?.srcObject) {
      wanted.current = true;
      return;
    }
    wanted.current = false;
    void grab(async () => {
      await hasPicture(shown);
      // The frame that was seen is the frame that is kept.
      shown.pause();
      return fromVideo(shown);
    });
  };
  const choose = (file: File) => void grab(() => fromFile(file));

  if (walk.value && cameraOff(walk.value)) return <Off />;
  if (failure.value) {
    return (
      <Failed
        failure={failure.value}
        again={() => {
          const kept = failure.value?.kept;
          failure.value = null;
          if (kept) void grab(() => kept.shot, kept.place);
        }}
      />
    );
  }
  if (trouble.value) return <WithoutCamera trouble={trouble.value} again={() => void start()} onFile={choose} />;
  return (
    <div class="app finder">
      <video ref={video} autoplay muted playsInline aria-label={t("finder.picture")} />
      <div class="view">
        <TopRow back="/" />
        <Heading class="sr">{t("photograph")}</Heading>
        <p class="hint">
          <Icon drawing={drawing("eye-off")} />
          {t(walk.value?.night ? "finder.things" : "finder.avoid")}
        </p>
        <svg class="corners" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          <path d="M0 10V0H10M90 0h10v10M0 90v10h10M90 100h10V90" />
        </svg>
        <Controls camera={camera.value} onFile={choose} />
      </div>
      <button type="button" class="shutter" onClick={shoot}>
        <svg viewBox="0 0 132 132" aria-hidden="true">
          <circle class="ring" cx="66" cy="66" r="62" />
          <circle class="disc" cx="66" cy="66" r="51" />
        </svg>
        <span class="glance">{t("finder.take")}</span>
        <span class="quiet">{camera.value ? t("finder.anywhere") : t("finder.opening")}</span>
      </button>
    </div>
  );
}

/** With a category already known (a checklist's "Nej", one photo more) the tiles have nothing to ask. */
function next(id: Uuid, category: string | null): string {
  return category ? `/fynd/${id}/mer` : `/fynd/${id}`;
}

function Controls({ camera, onFile }: { camera: Camera | null; onFile: (file: File) => void }) {
  const lit = useSignal(false);
  const light = () => {
    const on = !lit.value;
    camera?.torch?.(on).then(
      () => {
        lit.value = on;
      },
      () => {
        lit.value = false;
      },
    );
  };
  const stop = stopAt(query.value.get("stopp"));
  const fix = where.value.fix;
  return (
    <div class="controls">
      {camera?.torch ? (
        <Key class="side" icon="flashlight" pressed={lit.value} onClick={light}>
          {t("finder.light")}
        </Key>
      ) : (
        <span />
      )}
      <p class="spot">
        <b>{stop ? t("stop.n", { n: stop.number }) : t("stop.between")}</b>
        <br />
        <span class="quiet">
          {fix
            ? t("finder.place", {
                metres: Math.round(fix.accuracy_m),
                word: t(`accuracy.${accuracyWord(fix.accuracy_m)}`),
              })
            : t("finder.noplace")}
        </span>
      </p>
      <FileKey class="side" onFile={onFile}>
        {t("finder.choose")}
      </FileKey>
    </div>
  );
}

/**
 * Android may close this page while the phone's own camera is open. So the finding is written before the picker opens,
 * and the address names it; leaving without a photo takes an empty finding away again.
 */
async function beforePicker(): Promise<void> {
  const asked = query.value;
  if (observationOf(asked.get("fynd") ?? "")) return;
  const draft = subject();
  waitingForFile = draft;
  await saveObservation(db, draft);
  await reload();
  if (path.value !== "/kamera") return;
  const to = new URLSearchParams(asked);
  to.set("fynd", draft.id);
  go(`/kamera?${to}`, { replace: true });
}

let waitingForFile: ObservationDraft | null = null;

async function pickedNothing(): Promise<void> {
  const draft = waitingForFile;
  waitingForFile = null;
  if (draft) await dropIfEmpty(draft.id);
}

/** A photo the person already has, or the phone's own camera app. A label, so that the whole key opens the picker. */
function FileKey(props: {
  class: string;
  onFile: (file: File) => void;
  children: preact.ComponentChildren;
  capture?: boolean;
}) {
  return (
    <label class={`${props.class} filekey`}>
      <Icon drawing={drawing(props.capture ? "camera" : "image")} />
      {props.children}
      <input
        class="sr"
        type="file"
        accept="image/*"
        {...(props.capture ? { capture: "environment" } : {})}
        onClick={() => void beforePicker().catch(() => undefined)}
        onCancel={() => void pickedNothing()}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = "";
          if (file) props.onFile(file);
        }}
      />
    </label>
  );
}

function WithoutCamera(props: { trouble: CameraTrouble; again: () => void; onFile: (file: File) => void }) {
  const asked = query.value;
  return (
    <Screen
      back="/"
      foot={
        <>
          <FileKey class="main tall" capture onFile={props.onFile}>
            {t("nocamera.phone")}
          </FileKey>
          <div class="two">
            <FileKey class="side" onFile={props.onFile}>
              {t("nocamera.choose")}
            </FileKey>
            <Go class="side" to={`/notera?${asked}`} icon="pencil-line">
              {t("note.without")}
            </Go>
          </div>
        </>
      }
    >
      <Heading>{t("photograph")}</Heading>
      <StateCard
        drawing={drawing("camera-off")}
        title={t(`nocamera.${props.trouble}`)}
        step={
          <Key class="side" icon="refresh-cw" onClick={props.again}>
            {t("retry")}
          </Key>
        }
      >
        <p>{t(`nocamera.${props.trouble}.help`)}</p>
      </StateCard>
    </Screen>
  );
}

function Off() {
  return (
    <Screen
      back="/"
      foot={
        <Go class="main tall" to={`/notera?${query.value}`} icon="pencil-line">
          {t("note.without")}
        </Go>
      }
    >
      <Heading>{t("photograph")}</Heading>
      <StateCard drawing={drawing("camera-off")} title={t("tonight.cameraoff")}>
        <p>{t("cameraoff.help")}</p>
      </StateCard>
    </Screen>
  );
}

function Failed({ failure, again }: { failure: Failure; again: () => void }) {
  return (
    <Screen
      back="/"
      foot={
        <Key class="main tall" icon="refresh-cw" onClick={again}>
          {t(failure.kept ? "retry" : "failed.newphoto")}
        </Key>
      }
    >
      <Heading>{t("failed.title")}</Heading>
      <StateCard
        drawing={drawing("hard-drive")}
        title={t(`failed.${failure.why}`)}
        step={
          failure.why === "full" ? (
            <Go class="side" to="/lamna-in" icon="arrow-up">
              {t("handin.go")}
            </Go>
          ) : undefined
        }
      >
        <p>{t(`failed.${failure.why}.help`)}</p>
      </StateCard>
      <Note icon="smartphone">{t("failed.rest")}</Note>
    </Screen>
  );
}
