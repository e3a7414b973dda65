import type { Operation, ReplyText } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { GuardedText } from "../parts/Fields";
import { AsRead, type Read } from "./AsRead";
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
      <AsRead reads={value.trim() && body ? [readOf(task, arrow, body)] : []} />
    </div>
  );
}

function readOf({ id, title, place }: WholeTask, arrow: Arrow, body: object): Read {
  return { id, name: title, place, acts: [{ type: arrow, entity: id, body: body as Operation["body"] }] };
}

/** Those about this kind of thing first, then those that fit anything. */
export function textsFor(texts: readonly ReplyText[], arrow: Arrow, tile: string): ReplyText[] {
  const fit = texts.filter((one) => one.step === arrow && (one.tile === tile || one.tile === ""));
  return fit.sort((a, b) => Number(a.tile === "") - Number(b.tile === ""));
}
