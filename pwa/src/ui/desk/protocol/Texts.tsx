import { t } from "../../parts/words";
import { GuardedText, TextField } from "../parts/Fields";
import type { Draft } from "./draft";

interface Props {
  draft: Draft;
  set: (more: Partial<Draft>) => void;
}

/** What only a person knows about the evening. */
export function Texts({ draft, set }: Props) {
  return (
    <section class="group">
      <h2 id="about">{t("protocol.about")}</h2>
      <GuardedText
        label={t("protocol.summary")}
        hint={t("protocol.summary_hint")}
        max={1000}
        value={draft.summary}
        onValue={(summary) => set({ summary })}
      />
      <GuardedText
        label={t("protocol.purpose")}
        max={1000}
        value={draft.purpose}
        onValue={(purpose) => set({ purpose })}
      />
      <GuardedText
        label={t("protocol.parties")}
        hint={t("protocol.parties_hint")}
        max={2000}
        value={draft.parties}
        onValue={(parties) => set({ parties })}
      />
      <TextField
        label={t("protocol.reference")}
        max={160}
        value={draft.reference}
        onValue={(reference) => set({ reference })}
      />
      <TextField
        label={t("protocol.weather")}
        max={160}
        value={draft.weather}
        onValue={(weather) => set({ weather })}
      />
      <GuardedText
        label={t("protocol.feedback")}
        max={1000}
        value={draft.feedback}
        onValue={(feedback) => set({ feedback })}
      />
      <TextField
        label={t("protocol.next_walk")}
        type="date"
        value={draft.next_walk_on ?? ""}
        onValue={(day) => set({ next_walk_on: day || null })}
      />
    </section>
  );
}
