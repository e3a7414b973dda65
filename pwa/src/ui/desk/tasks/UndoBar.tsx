import { icons } from "virtual:icons?undo-2,circle-alert,hourglass,send,x";
import { useEffect, useState } from "preact/hooks";
import type { Uuid } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { Refusal } from "../data/submit";
import { refusalText } from "../data/troubleWords";
import { metAnother } from "../data/useSubmit";
import { useKeys } from "../parts/keys";
import { say } from "../parts/live";
import { href } from "../router";
import { type Answered, answered, held, type Kind, type Refused, sendNow, underway, undo } from "./parcel";

/** Takes back what has not been sent. The rows are marked again, so that another act can be made of them. */
export function takeBack(): void {
  const back = undo();
  if (back) say(t(`undo.undone.${back.of}`, { n: back.pieces.length }));
}

/** Under the top bar on every screen: the time in which a bulk act can be taken back, and what came of it. */
export function UndoBar() {
  const parcel = held.value;
  const latest = answered.value.at(-1);
  useKeys(parcel ? { z: takeBack } : {});
  useEffect(() => {
    if (latest && latest.done > 0) say(metAnother(latest.outcomes) ?? t(`undo.sent.${latest.of}`, { n: latest.done }));
  }, [latest]);
  return (
    <>
      <div role="status" aria-live="polite">
        {parcel && (
          <div class="undo">
            <span>{t(`undo.waiting.${parcel.of}`, { n: parcel.pieces.length })}</span>
            <Seconds until={parcel.sendAt} />
            <button type="button" class="btn go" onClick={takeBack}>
              <Icon drawing={icons["undo-2"] ?? ""} />
              {t("undo.undo")} <kbd>z</kbd>
            </button>
            <button type="button" class="btn" onClick={() => void sendNow()}>
              {t("undo.now")}
            </button>
          </div>
        )}
      </div>
      {answered.value
        .filter((came) => came.refused.length > 0)
        .map((came) => (
          <NotDone key={came.refused[0]?.id} came={came} />
        ))}
    </>
  );
}

/** Row by row, and why. Each of them is still marked in its list. */
function NotDone({ came }: { came: Answered }) {
  return (
    <div class="undo refused" role="alert">
      <Icon drawing={icons["circle-alert"] ?? ""} />
      <div>
        <p>
          <b>{t("undo.some", { done: came.done, n: came.refused.length })}</b>
        </p>
        <ul>
          {came.refused.map((one) => (
            <li key={one.id}>
              <a href={href(PLACES[came.of] + one.id)}>{one.title}</a>: {whyNot(one)}
            </li>
          ))}
        </ul>
      </div>
      <button
        type="button"
        class="btn square"
        aria-label={t("act.close")}
        onClick={() => {
          answered.value = answered.value.filter((other) => other !== came);
        }}
      >
        <Icon drawing={icons.x ?? ""} />
      </button>
    </div>
  );
}

const PLACES: Record<Kind, string> = { tasks: "/atgarder/", findings: "/inkommet?fynd=" };

function whyNot({ outcome }: Refused): string {
  if (!outcome) return t("undo.head_refused");
  if (outcome.conflict_id) return t("conflict.said.held");
  return refusalText(new Refusal(outcome.code ?? outcome.outcome, outcome.facts ?? {}));
}

/** It has been decided on the screen, and the server does not know yet. */
export function InParcel({ id }: { id: Uuid }) {
  const isIn = (pieces: readonly { id: Uuid }[]) => pieces.some((piece) => piece.id === id);
  const leaves = underway.value.some((parcel) => isIn(parcel.pieces));
  if (!leaves && !isIn(held.value?.pieces ?? [])) return null;
  return (
    <span class="tag t-move">
      <Icon drawing={(leaves ? icons.send : icons.hourglass) ?? ""} />
      {t(leaves ? "undo.leaves" : "undo.soon")}
    </span>
  );
}

/** Counts down for the eye only: the screen reader has heard the time once. */
function Seconds({ until }: { until: number }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, []);
  return (
    <span class="num quiet" aria-hidden="true">
      {Math.max(0, Math.ceil((until - now) / 1000))} s
    </span>
  );
}
