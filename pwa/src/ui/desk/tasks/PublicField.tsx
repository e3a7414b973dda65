import { icons } from "virtual:icons?eye";
import { useEffect, useState } from "preact/hooks";
import type { ReplyText, StepPreview } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { asTrouble, request } from "../data/api";
import { useLoad } from "../data/load";
import { GuardedText } from "../parts/Fields";
import { dateIn, plainDate } from "../time/stockholm";
import type { Arrow } from "./arrows";
import type { WholeTask } from "./TaskPage";

interface PublicProps {
  label: string;
  value: string;
  onValue: (value: string) => void;
  error?: string;
  arrow: Arrow;
  task: WholeTask;
  /** The operation's body as the form stands now; null while something is missing. */
  body: object | null;
}

/** Words everybody may read: begun from the municipality's own, and shown as they will stand. */
export function PublicField({ label, value, onValue, error, arrow, task, body }: PublicProps) {
  const found = useLoad<{ texts: ReplyText[] }>("/api/reply-texts");
  const texts = textsFor(found.data?.texts ?? [], arrow, task.tile);
  return (
    <div class="public-field">
      {texts.length > 0 && (
        <label class="field-row">
          <span class="field-label">{t("texts.label")}</span>
          <select
            class="input"
            value=""
            onChange={(event) => {
              const chosen = texts.find((one) => one.id === event.currentTarget.value);
              event.currentTarget.value = "";
              if (chosen) onValue([value.trim(), chosen.text].filter(Boolean).join(" "));
            }}
          >
            <option value="">{t("texts.choose")}</option>
            {texts.map((one) => (
              <option key={one.id} value={one.id}>
                {one.text}
              </option>
            ))}
          </select>
        </label>
      )}
      <GuardedText
        label={label}
        hint={t("form.public_hint")}
        value={value}
        onValue={onValue}
        {...(error ? { error } : {})}
      />
      <AsRead task={task} arrow={arrow} body={value.trim() ? body : null} />
    </div>
  );
}

/** Those about this kind of thing first, then those that fit anything. */
export function textsFor(texts: readonly ReplyText[], arrow: Arrow, tile: string): ReplyText[] {
  const fit = texts.filter((one) => one.step === arrow && (one.tile === tile || one.tile === ""));
  return fit.sort((a, b) => Number(a.tile === "") - Number(b.tile === ""));
}

const PAUSE_MS = 600;

/** What the reader will see, made by the same rule and the same function as the real answer. */
function AsRead({ task, arrow, body }: { task: WholeTask; arrow: Arrow; body: object | null }) {
  const [seen, setSeen] = useState<StepPreview | null>(null);
  const asked = body && JSON.stringify({ type: arrow, body });
  useEffect(() => {
    if (!asked) return setSeen(null);
    const abort = new AbortController();
    const timer = setTimeout(() => {
      request<StepPreview>("POST", `/api/tasks/${task.id}/preview`, JSON.parse(asked), abort.signal)
        .then(setSeen)
        // The form itself says what is missing or not allowed when it is sent.
        .catch((error) => abort.signal.aborted || (asTrouble(error) && setSeen(null)));
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [asked, task.id]);
  if (!seen?.state) return null;
  return (
    <section class="box as-read" aria-label={t("texts.as_read")}>
      <p class="tag t-calm">
        <Icon drawing={icons.eye ?? ""} />
        {t("texts.as_read")}
      </p>
      <p>
        <b>{t(`reply.${seen.state}`, { unit: seen.department ?? "" })}</b>
        {seen.planned_on && seen.state === "planned" && ` ${plainDate(dateIn(`${seen.planned_on}T12:00:00Z`))}`}
      </p>
      <p class="reply">{seen.public_text || seen.step?.text}</p>
    </section>
  );
}
