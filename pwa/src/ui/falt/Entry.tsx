import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import type { DateOnly } from "../../domain/wire";
import { Icon } from "../parts/Icon";
import { say } from "../parts/Live";
import { follow, go } from "../parts/path";
import { t } from "../parts/words";
import { Answer } from "./Choose";
import { adults, answer, begin, form, lost, offer, refreshNow, type Saved, save } from "./entry";
import { type Form, missing, type Question } from "./form";
import { drawing } from "./icons";
import { Adults, More } from "./More";
import { type Spot, same } from "./places";
import { Questions } from "./Questions";
import { Heading, Note, Screen } from "./Screen";
import { paused } from "./store";
import { When } from "./When";
import { spotWords } from "./words";

/** F9: one place on one evening, in six taps. */
export function Entry() {
  useEffect(() => {
    refreshNow();
    void begin();
  }, []);
  return (
    <EntryForm
      form={form.value}
      offered={offer.value.spots}
      elsewhere="/falt/plats"
      title={t("ask.where")}
      onAnswer={answer}
      onSave={save}
      saveWord={t("save")}
      promise={
        <>
          {t("promise")} <span class="nowrap">{t("promise.only")}</span>
        </>
      }
      more={
        <Adults
          n={adults.value}
          onChange={(n) => {
            adults.value = n;
          }}
        />
      }
    >
      {lost.value && <Note icon="map-pin">{t("places.lost")}</Note>}
      {paused.value && (
        <a class="note t-need" href="/falt/logga-in" onClick={follow("/falt/logga-in")}>
          <Icon drawing={drawing("hand")} />
          <span>{t("paused")}</span>
        </a>
      )}
    </EntryForm>
  );
}

interface Props {
  form: Form;
  offered: readonly Spot[];
  elsewhere: string;
  title: string;
  /** Where back leads; the first screen has none. */
  back?: string;
  evening?: DateOnly;
  onAnswer: (changes: Partial<Form>) => void;
  onSave: () => Promise<Saved>;
  saveWord: string;
  promise: ComponentChildren;
  more?: ComponentChildren;
  children?: ComponentChildren;
}

/** The same page for a new entry and for a correction. */
export function EntryForm(props: Props) {
  const { form, onAnswer } = props;
  const more = useSignal(false);
  const trouble = useSignal<Exclude<Saved, object> | null>(null);
  const press = async () => {
    const saved = await props.onSave();
    if (typeof saved === "object") {
      say(t("saved"));
      go(`/falt/kvallen?kvall=${saved.evening}`, { replace: props.back !== undefined });
      return;
    }
    trouble.value = saved;
    const first = saved === "incomplete" ? missing(form)[0] : undefined;
    if (first) document.getElementById(first)?.focus();
  };
  const isOpen = more.value;
  useEffect(() => {
    if (isOpen) document.getElementById("minutes")?.scrollIntoView({ block: "start" });
  }, [isOpen]);
  return (
    <Screen
      {...(props.back === undefined ? {} : { back: props.back })}
      foot={
        <>
          {trouble.value && <Trouble kind={trouble.value} questions={missing(form)} />}
          <div class="two savekeys">
            <button
              type="button"
              class="side"
              aria-expanded={isOpen}
              onClick={() => {
                more.value = !isOpen;
              }}
            >
              <Icon drawing={drawing(isOpen ? "minus" : "plus")} />
              {t(isOpen ? "less" : "more")}
            </button>
            <button type="button" class="main" onClick={() => void press()}>
              {props.saveWord}
            </button>
          </div>
          <p class="quiet promise">{props.promise}</p>
        </>
      }
    >
      {props.children}
      <div class="wherewhen">
        <Heading>{props.title}</Heading>
        <When
          at={form.at}
          onChange={(at) => onAnswer({ at })}
          {...(props.evening === undefined ? {} : { evening: props.evening })}
        />
      </div>
      <Where {...props} />
      <Questions form={form} onAnswer={onAnswer} />
      {isOpen && (
        <>
          <More form={form} onAnswer={onAnswer} />
          {props.more}
        </>
      )}
    </Screen>
  );
}

function Where({ form, offered, elsewhere, onAnswer }: Props) {
  const other = form.spot && !offered.some((spot) => same(spot, form.spot)) ? form.spot : null;
  return (
    <div class="two pls" id="spot" tabIndex={-1} role="group" aria-label={t("ask.place")}>
      {offered.map((spot) => (
        <Answer
          key={`${spot.place} ${spot.area}`}
          word={spotWords(spot)}
          on={same(spot, form.spot)}
          onClick={() => onAnswer({ spot })}
        />
      ))}
      <a class={other ? "choice on" : "choice"} href={elsewhere} onClick={follow(elsewhere)}>
        {other ? spotWords(other) : t("place.other")}
        {other && <span class="sr">{t("place.other")}</span>}
      </a>
    </div>
  );
}

function Trouble({ kind, questions }: { kind: Exclude<Saved, object>; questions: Question[] }) {
  if (kind === "incomplete" && questions.length === 0) return null;
  return (
    <div role="alert">
      <Note icon="hand" tone="t-need">
        {kind === "incomplete"
          ? t("missing", { what: questions.map((question) => t(`missing.${question}`)).join(", ") })
          : t(`notsaved.${kind}`)}
      </Note>
    </div>
  );
}
