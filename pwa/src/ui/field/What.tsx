import { useEffect, useRef } from "preact/hooks";
import { clock } from "../../domain/times";
import type { Tile, Uuid } from "../../domain/wire";
import type { ObservationDraft } from "../../storage/drafts";
import { Icon } from "../parts/Icon";
import { Lamp } from "../parts/Lamp";
import { say } from "../parts/Live";
import { go, query } from "../parts/path";
import { StateCard } from "../parts/StateCard";
import { t } from "../parts/words";
import { isDanger } from "./danger";
import { drawing } from "./icons";
import { begun, choose, drop } from "./record";
import { Go, Heading, Key, Screen } from "./Screen";
import { categoryOf, drafts, observationOf, photos, stopAt, town, walk } from "./store";
import { Thumb } from "./Thumb";
import { cameraOff } from "./Tonight";
import { warmPosition } from "./where";

/** "Notera utan foto": a finding that does not exist until a tile is pressed. */
export function WithoutPhoto() {
  useEffect(warmPosition, []);
  const fresh = useRef<ObservationDraft | null>(null);
  fresh.current ??= begun(stopAt(query.value.get("stopp")), null);
  return <Tiles draft={fresh.current} />;
}

export function What({ id }: { id: Uuid }) {
  const draft = observationOf(id);
  return draft ? <Tiles draft={draft} /> : <Gone />;
}

/** A link into something that is handed in, taken away, or was never on this phone. */
export function Gone() {
  return (
    <Screen
      back="/"
      foot={
        <Go class="main tall" to="/">
          {t("gone.home")}
        </Go>
      }
    >
      <Heading>{t("gone.title")}</Heading>
      <StateCard drawing={drawing("circle-question-mark")} title={t("gone.what")}>
        <p>{t("gone.help")}</p>
      </StateCard>
    </Screen>
  );
}

function Tiles({ draft }: { draft: ObservationDraft }) {
  const tiles = town.value?.tiles ?? [];
  const chosen = tiles.find(
    (tile) => tile.categories.includes(draft.category ?? "") || tile.default === draft.category,
  );
  const press = async (tile: Tile) => {
    await choose(draft, tile);
    say(t("chip.saved", { n: 1 }));
    const danger = isDanger(draft.severity, categoryOf(tile.default));
    go(danger ? `/fynd/${draft.id}/fara` : `/fynd/${draft.id}/mer`, { replace: draft.photos.length === 0 });
  };
  const shows = (tile: Tile) => (
    <TileKey
      key={tile.id}
      tile={tile}
      on={tile.id === chosen?.id}
      before={usedBefore(draft, tile)}
      onPress={() => void press(tile)}
    />
  );
  const social = tiles.filter((tile) => !tile.photo);
  const more = draft.photos.length > 0 && walk.value !== null && !cameraOff(walk.value);
  return (
    <Screen
      back="/"
      foot={
        more && (
          <Go class="side" to={`/kamera?fynd=${draft.id}&stopp=${draft.stop ?? ""}`} icon="camera">
            {t("photo.more")}
          </Go>
        )
      }
    >
      {draft.photos.length > 0 && <JustSaved draft={draft} />}
      <Heading>{t("what.title")}</Heading>
      <div class="row3 tiles">{tiles.filter((tile) => tile.photo).map(shows)}</div>
      {social.length > 0 && (
        <>
          <p class="nophoto" id="nophoto">
            <Icon drawing={drawing("camera-off")} />
            <span>
              <b>{t("what.nophoto")}</b> {draft.photos.length > 0 && t("what.photogoes")}
            </span>
          </p>
          <div class="two">{social.map(shows)}</div>
        </>
      )}
      {tiles.length === 0 && <p class="quiet">{t("tonight.fetchhelp")}</p>}
    </Screen>
  );
}

/** How many times this tile is used at this stop already. */
function usedBefore(draft: ObservationDraft, tile: Tile): number {
  const same = (other: ObservationDraft) =>
    other.id !== draft.id && other.stop === draft.stop && tile.categories.includes(other.category ?? "");
  return drafts.value.observations.filter(same).length;
}

function TileKey({ tile, on, before, onPress }: { tile: Tile; on: boolean; before: number; onPress: () => void }) {
  const name = tile.photo ? tile.name : t("what.social", { name: tile.name });
  return (
    <button
      type="button"
      class={`choice tile${tile.photo ? "" : " soc"}${on ? " on" : ""}`}
      aria-pressed={on}
      {...(tile.photo ? {} : { "aria-label": name })}
      onClick={onPress}
    >
      {tile.icon === "l-on" ? <Lamp state="on" /> : <Icon drawing={drawing(tile.icon)} />}
      <span>{tile.name}</span>
      {before > 0 && <span class="before">{t("what.before", { n: before })}</span>}
      {!tile.photo && (
        <span class="no">
          <Icon drawing={drawing("camera-off")} />
        </span>
      )}
    </button>
  );
}

function JustSaved({ draft }: { draft: ObservationDraft }) {
  const undo = async () => {
    await drop(draft.id);
    say(t("removed"));
    go("/", { replace: true });
  };
  const last = draft.photos.at(-1) ?? null;
  return (
    <div class="card justsaved">
      <Thumb id={last} icon="camera" revision={photos.value.get(last ?? "")?.revision ?? ""} />
      <p>
        <b>{t("what.saved")}</b>
        <span class="quiet count">{t("at.clock", { clock: clock(draft.seen_at) })}</span>
      </p>
      <Key class="side slim" icon="undo-2" onClick={() => void undo()}>
        {t("undo")}
      </Key>
    </div>
  );
}
