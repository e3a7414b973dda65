import { icons } from "virtual:icons?eye";
import { useId, useState } from "preact/hooks";
import type { PairFinding, TaskPairs, Uuid } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { CheckField, GuardedText, Problem, TextField } from "../parts/Fields";
import { Ready } from "../parts/StateCard";
import { href } from "../router";
import { AsSeen } from "./AsSeen";
import { bodyOf, EMPTY, type PairDraft, twoOf } from "./draft";

/** Two photos are named by whoever releases them, and nothing is chosen beforehand. */
export function ChoosePair({ task }: { task: Uuid }) {
  const found = useLoad<TaskPairs>(`/api/tasks/${task}/pairs`);
  return (
    <Ready of={found}>
      {(view) => (
        <div class="stack">
          <p class="quiet">{t("pair.about")}</p>
          {!view.is_done && <p>{t("pair.not_done")}</p>}
          {view.is_done && view.after.length === 0 && <p>{t("pair.no_after")}</p>}
          {view.left > 0 && <p class="quiet">{t("pair.left", { n: view.left })}</p>}
          {view.is_done &&
            view.findings.map((finding) => (
              <One key={`${finding.id} ${finding.version}`} task={task} view={view} finding={finding} />
            ))}
        </div>
      )}
    </Ready>
  );
}

function One({ task, view, finding }: { task: Uuid; view: TaskPairs; finding: PairFinding }) {
  if (finding.pair) return <Shown finding={finding} />;
  if (finding.photos.length === 0) return <p>{t("pair.no_before", { number: finding.number })}</p>;
  if (!finding.is_public)
    return (
      <p>
        {t("pair.show_first", { number: finding.number })}{" "}
        <a href={href(`/vandringar/${finding.walk}/visa`)}>{t("pair.to_release")}</a>
      </p>
    );
  return view.after.length > 0 ? <Form task={task} view={view} finding={finding} /> : null;
}

function Shown({ finding }: { finding: PairFinding }) {
  const sending = useSubmit();
  const pair = finding.pair;
  if (!pair) return null;
  return (
    <div class="stack">
      <p>
        <b>{t("pair.is_public")}</b> {pair.released_by}.
      </p>
      <AsSeen text={finding.text} before={pair.before} after={pair.after} />
      <Problem text={sending.problem} />
      <p class="acts">
        <button
          type="button"
          class="btn"
          disabled={sending.busy}
          onClick={() => void sending.send(t("pair.gone"), operation("publication.unpair", finding.id, {}))}
        >
          {t("pair.withdraw")}
        </button>
      </p>
    </div>
  );
}

function Form({ task, view, finding }: { task: Uuid; view: TaskPairs; finding: PairFinding }) {
  const [draft, setDraft] = useState(EMPTY);
  const [stopped, setStopped] = useState("");
  const guard = useGuard();
  const sending = useSubmit();
  const write = (said: Partial<PairDraft>) => setDraft({ ...draft, ...said });
  const on = view.after.find((photo) => photo.id === draft.after)?.on ?? "";
  const two = twoOf(draft);
  const body = bodyOf(draft, task, finding.version);
  function release(event: Event) {
    event.preventDefault();
    const objection = guard([draft.beforeWords, draft.afterWords]);
    setStopped(objection ?? "");
    if (objection || !body) return;
    void sending.send(t("pair.done"), operation("publication.pair", finding.id, body));
  }
  return (
    <form class="stack" onSubmit={release}>
      <p>
        <b>{finding.number}</b> {finding.text}
      </p>
      <Photos
        legend={t("pair.choose_before")}
        ids={finding.photos}
        chosen={draft.before}
        onChosen={(before) => write({ before })}
      />
      <Photos
        legend={t("pair.choose_after")}
        ids={view.after.map((photo) => photo.id)}
        chosen={draft.after}
        onChosen={(after) => write({ after })}
      />
      <GuardedText
        label={t("pair.before_words")}
        hint={t("pair.words_hint")}
        max={200}
        value={draft.beforeWords}
        onValue={(beforeWords) => write({ beforeWords })}
      />
      <GuardedText
        label={t("pair.after_words")}
        max={200}
        value={draft.afterWords}
        onValue={(afterWords) => write({ afterWords })}
      />
      {two && (
        <>
          <AsSeen
            text={finding.text}
            before={{ photo: draft.before, words: draft.beforeWords, on: finding.on }}
            after={{ photo: draft.after, words: draft.afterWords, on }}
          />
          <CheckField
            label={t("pair.looked")}
            checked={draft.looked === two}
            onValue={(yes) => write({ looked: yes ? two : "" })}
          />
        </>
      )}
      <TextField
        label={t("promise.name")}
        hint={t("pair.name_hint")}
        autocomplete="off"
        max={80}
        value={draft.name}
        onValue={(name) => write({ name })}
      />
      <Problem text={stopped || sending.problem} />
      <p class="acts">
        <button type="submit" class="btn go" disabled={sending.busy || !body}>
          <Icon drawing={icons.eye ?? ""} />
          {t("pair.release")}
        </button>
      </p>
    </form>
  );
}

interface PhotosProps {
  legend: string;
  ids: readonly Uuid[];
  chosen: Uuid;
  onChosen: (id: Uuid) => void;
}

function Photos({ legend, ids, chosen, onChosen }: PhotosProps) {
  const name = useId();
  return (
    <fieldset class="field-row">
      <legend class="field-label">{legend}</legend>
      <div class="radios">
        {ids.map((id, n) => (
          <label key={id} class={`choice shot-choice${id === chosen ? " on" : ""}`}>
            <input type="radio" name={name} checked={id === chosen} onChange={() => onChosen(id)} />
            <img src={`/photos/${id}?size=320`} alt={t("task.photo_n", { n: n + 1, of: ids.length })} loading="lazy" />
          </label>
        ))}
      </div>
    </fieldset>
  );
}
