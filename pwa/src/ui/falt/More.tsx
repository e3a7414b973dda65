import type { PresenceBody } from "../../domain/wire";
import { Icon } from "../parts/Icon";
import { t } from "../parts/words";
import { Choose, ChooseMany } from "./Choose";
import { type Form, tooFew } from "./form";
import { drawing } from "./icons";
import { smallAreas } from "./store";

type Listed<K extends "ages" | "activity"> = NonNullable<PresenceBody[K]>[number];

const MINUTES = ["5", "15", "30", "60"] as const;
const AGES: readonly Listed<"ages">[] = ["under_13", "13_15", "16_18", "19_25", "adult"];
const ACTIVITIES: readonly Listed<"activity">[] = ["hanging_out", "sport", "vehicles", "party", "youth_centre"];
const NOISES: readonly NonNullable<PresenceBody["noise"]>[] = ["none", "some", "lasting"];

const options = <T extends string>(values: readonly T[], of: string) =>
  values.map((value) => ({ value, word: t(`${of}.${value}`) }));

/** What may be left out, all of it. Tapping an answer again takes it away. */
export function More({ form, onAnswer }: { form: Form; onAnswer: (changes: Partial<Form>) => void }) {
  const minutes = MINUTES.find((value) => Number(value) === form.minutes) ?? null;
  const somebody = form.band !== "0";
  return (
    <>
      <Choose
        id="minutes"
        question={t("ask.minutes")}
        options={options(MINUTES, "minutes")}
        across="row4"
        chosen={minutes}
        onChoose={(value) => onAnswer({ minutes: minutes === value ? null : Number(value) })}
      />
      {somebody && !tooFew(form, smallAreas.value) && (
        <ChooseMany
          id="ages"
          question={t("ask.ages")}
          options={options(AGES, "ages")}
          across="row3"
          chosen={form.ages}
          onChoose={(ages) => onAnswer({ ages })}
        />
      )}
      {somebody && (
        <ChooseMany
          id="activity"
          question={t("ask.activity")}
          options={options(ACTIVITIES, "activity")}
          across="row3"
          chosen={form.activity}
          onChoose={(activity) => onAnswer({ activity })}
        />
      )}
      <Choose
        id="noise"
        question={t("ask.noise")}
        options={options(NOISES, "noise")}
        across="row3"
        chosen={form.noise}
        onChoose={(noise) => onAnswer({ noise: form.noise === noise ? null : noise })}
      />
    </>
  );
}

const MOST_ADULTS = 30;

/** How many adults are out: said once, for the whole evening. */
export function Adults({ n, onChange }: { n: number | null; onChange: (n: number | null) => void }) {
  return (
    <section class="asked">
      <h2 class="q" id="adults-q">
        {t("ask.adults")}
      </h2>
      <div class="adults" role="group" aria-labelledby="adults-q">
        <button
          type="button"
          class="side"
          aria-label={t("adults.fewer")}
          onClick={() => onChange(n === null || n <= 1 ? null : n - 1)}
        >
          <Icon drawing={drawing("minus")} />
        </button>
        <output class="num" aria-live="polite">
          {n === null ? t("adults.unsaid") : t("adults.n", { n })}
        </output>
        <button
          type="button"
          class="side"
          aria-label={t("adults.more")}
          onClick={() => onChange(Math.min((n ?? 0) + 1, MOST_ADULTS))}
        >
          <Icon drawing={drawing("plus")} />
        </button>
      </div>
    </section>
  );
}
