import { useState } from "preact/hooks";
import { uuid7 } from "../../../domain/ids";
import type { CorrespondenceView, OperationType, ReplyText, Uuid } from "../../../domain/wire";
import { t } from "../../parts/words";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { GuardedText, Problem, SelectField } from "../parts/Fields";

type Choices = Pick<CorrespondenceView, "id" | "steps" | "tiles">;

/** The words that public replies begin with, by step. One at a time is changed. */
export function Texts({ all }: { all: CorrespondenceView }) {
  const [open, setOpen] = useState<string | null>(null);
  const close = () => setOpen(null);
  return (
    <section class="group stack" aria-labelledby="texts">
      <h2 id="texts">{t("brev.texts")}</h2>
      <p class="quiet">{t("brev.texts_about")}</p>
      {all.steps.map((step) => {
        const texts = all.texts.filter((text) => text.step === step);
        return texts.length === 0 ? null : (
          <section key={step} aria-labelledby={`step-${step}`}>
            <h3 id={`step-${step}`}>{t(`brev.step.${step}`)}</h3>
            <ul class="left stack">
              {texts.map((text) => (
                <li key={text.id}>
                  {open === text.id ? (
                    <TextForm of={all} it={text} onDone={close} />
                  ) : (
                    <>
                      <p>{text.text}</p>
                      <p>
                        <span class="quiet">{all.tiles.find((tile) => tile.id === text.tile)?.name} </span>
                        <button
                          type="button"
                          class="btn"
                          aria-label={t("brev.change_text", { text: text.text })}
                          onClick={() => setOpen(text.id)}
                        >
                          {t("brev.change")}
                        </button>
                      </p>
                    </>
                  )}
                </li>
              ))}
            </ul>
          </section>
        );
      })}
      {open === "" ? (
        <TextForm of={all} it={null} onDone={close} />
      ) : (
        <p>
          <button type="button" class="btn" onClick={() => setOpen("")}>
            {t("brev.add")}
          </button>
        </p>
      )}
    </section>
  );
}

function TextForm({ of, it, onDone }: { of: Choices; it: ReplyText | null; onDone: () => void }) {
  const [text, setText] = useState(it?.text ?? "");
  const [step, setStep] = useState<string>(it?.step ?? of.steps[0] ?? "");
  const [tile, setTile] = useState(it?.tile ?? "");
  const [id] = useState<Uuid | string>(() => it?.id ?? uuid7());
  const sending = useSubmit();
  async function send(words: string) {
    const body = { id, step: step as OperationType, tile, text: words };
    const said = t(words ? "brev.text_saved" : "brev.text_gone");
    if (await sending.send(said, operation("correspondence.text", of.id, body))) onDone();
  }
  return (
    <form
      class="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        void send(text.trim());
      }}
    >
      <SelectField
        label={t("brev.step")}
        value={step}
        onValue={setStep}
        options={of.steps.map((value) => ({ value, name: t(`brev.step.${value}`) }))}
      />
      <SelectField
        label={t("brev.tile")}
        value={tile}
        onValue={setTile}
        options={[
          { value: "", name: t("brev.any_tile") },
          ...of.tiles.map((one) => ({ value: one.id, name: one.name })),
        ]}
      />
      <GuardedText label={t("brev.text")} value={text} onValue={setText} max={500} />
      <Problem text={sending.problem} />
      <p class="acts">
        <button type="submit" class="btn go" disabled={sending.busy || !text.trim()}>
          {t("brev.save")}
        </button>
        {it && (
          <button type="button" class="btn" disabled={sending.busy} onClick={() => void send("")}>
            {t("brev.remove")}
          </button>
        )}
        <button type="button" class="btn" onClick={onDone}>
          {t("brev.cancel")}
        </button>
      </p>
    </form>
  );
}
