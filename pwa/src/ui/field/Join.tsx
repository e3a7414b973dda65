import { signal, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { clock, dayWords } from "../../domain/times";
import type { WalkCard } from "../../domain/wire";
import { join, look, Refused } from "../../sync/join";
import { decimal } from "../parts/figures";
import { Icon } from "../parts/Icon";
import { follow, go } from "../parts/path";
import { RouteMap } from "../parts/RouteMap";
import { StateCard } from "../parts/StateCard";
import { t } from "../parts/words";
import { drawing } from "./icons";
import { type Invite, invite, invited } from "./invite";
import { Heading, Key, Note, ThemeKey } from "./Screen";
import { db, drafts, load } from "./store";

const PRIVACY = ["key-round", "map-pin", "square-dashed", "landmark"] as const;

/** The walk, before anything is sent about the person. */
export function Join() {
  const by = invited.value;
  const card = useSignal<WalkCard | null>(null);
  const trouble = useSignal<unknown>(null);
  const read = (from: Invite) => {
    trouble.value = null;
    look(from).then(
      (found) => {
        card.value = found;
      },
      (error: unknown) => {
        trouble.value = error;
      },
    );
  };
  useEffect(() => {
    if (by) read(by);
    else go("/", { replace: true });
  }, [by]);
  if (!by) return null;
  if (card.value) return <Card card={card.value} by={by} />;
  if (trouble.value) return <NoInvite error={trouble.value} again={() => read(by)} />;
  return (
    <Frame name="">
      <main>
        <Heading>{t("join.looking")}</Heading>
        <div class="bars" aria-hidden="true">
          <i />
          <i />
          <i />
        </div>
      </main>
    </Frame>
  );
}

function Frame({ name, children }: { name: string; children: preact.ComponentChildren }) {
  return (
    <div class="app">
      <header class="top">
        <ThemeKey />
        <p>
          <b>{t("app")}</b>
          <br />
          <span class="quiet">{name}</span>
        </p>
      </header>
      {children}
    </div>
  );
}

/** Outlives the card, so that reading about one's data does not cost the name one has typed. */
const alias = signal("");

function Card({ card, by }: { card: WalkCard; by: Invite }) {
  const busy = useSignal(false);
  const trouble = useSignal<string | null>(null);
  const enter = async (event: Event) => {
    event.preventDefault();
    if (busy.value) return;
    busy.value = true;
    try {
      await join(db, by, alias.value.trim());
      invite(null);
      await load();
      go("/redo", { replace: true });
    } catch (error) {
      const what = error instanceof Refused ? `${t(`join.${known(error.problem.code)}`)}. ` : "";
      trouble.value = what + troubleWords(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <Frame name={card.municipality.name}>
      <div class="map short invited">
        <RouteMap
          stops={card.points.map(([lat, lon], i) => ({ lat, lon, number: i + 1, state: "ahead" }))}
          width={390}
          height={196}
          plain
          scaleWord={(n) => t("map.metres", { n })}
        />
      </div>
      <form class="joining" onSubmit={enter}>
        <main>
          <p class="kick">{t("join.when", { day: dayWords(card.starts_at), clock: clock(card.starts_at) })}</p>
          <Heading>{card.name}</Heading>
          <p class="lead">
            {t("join.about", {
              stops: card.stops,
              km: decimal(card.length_m / 1000),
              leader: card.leader,
              where: card.meeting_point,
            })}
          </p>
          <div class="notes">
            {PRIVACY.map((icon, i) => (
              <Note icon={icon} key={icon}>
                {t(`yours.${i + 1}`)}
              </Note>
            ))}
          </div>
          <a class="link inline" href="/uppgifter" onClick={follow("/uppgifter")}>
            {t("privacy.more")}
          </a>
          {leftFromBefore() > 0 && (
            <Note icon="hand" tone="t-need">
              {t("join.left", { n: leftFromBefore() })}
            </Note>
          )}
          <label class="field-label" for="alias">
            {t("join.name")} <span class="quiet">{t("join.free")}</span>
          </label>
          <input
            id="alias"
            class="input"
            value={alias.value}
            maxLength={40}
            autocomplete="given-name"
            enterkeyhint="go"
            onInput={(event) => {
              alias.value = event.currentTarget.value;
            }}
          />
        </main>
        <footer class="foot">
          {trouble.value && (
            <p class="note t-need" role="alert">
              <Icon drawing={drawing("server-off")} />
              <span>{trouble.value}</span>
            </p>
          )}
          <button type="submit" class="main tall">
            {busy.value ? t("join.going") : t("join.go")}
          </button>
        </footer>
      </form>
    </Frame>
  );
}

/** Drafts from another walk stay on the phone, but are handed in from that walk. */
function leftFromBefore(): number {
  const { observations, feelings, answers } = drafts.value;
  return observations.length + feelings.length + answers.length;
}

/** The server's own words when it answered; otherwise that nobody did. */
function troubleWords(error: unknown): string {
  return error instanceof Refused ? error.problem.detail : t("join.offline");
}

function NoInvite({ error, again }: { error: unknown; again: () => void }) {
  const refused = error instanceof Refused;
  const other = () => {
    invite(null);
    go("/", { replace: true });
  };
  return (
    <Frame name="">
      <main>
        <Heading class="sr">{t("join.stopped")}</Heading>
        <StateCard
          drawing={drawing(refused ? "circle-question-mark" : "wifi-off")}
          title={refused ? t(`join.${known(error.problem.code)}`) : t("join.unreachable")}
          step={
            <Key class="main" onClick={refused ? other : again} icon={refused ? "key-round" : "refresh-cw"}>
              {refused ? t("join.other") : t("retry")}
            </Key>
          }
        >
          <p>{troubleWords(error)}</p>
        </StateCard>
        {!refused && (
          <Key class="link" onClick={other}>
            {t("join.other")}
          </Key>
        )}
      </main>
    </Frame>
  );
}

const KNOWN = ["invite_unknown", "invite_ended", "invite_full", "too_many_tries"];

function known(code: string): string {
  return KNOWN.includes(code) ? code : "refused";
}
