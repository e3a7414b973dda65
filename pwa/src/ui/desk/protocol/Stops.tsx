import type { ProtocolLine, ProtocolView } from "../../../domain/wire";
import { t } from "../../parts/words";
import { CheckField, GuardedText } from "../parts/Fields";
import { type Draft, textOf, toggled, withText } from "./draft";

interface Props {
  view: ProtocolView;
  draft: Draft;
  set: (more: Partial<Draft>) => void;
}
type StopPart = ProtocolView["minutes"]["stops"][number];

/** Good things first, as in the protocol. No photo and no word goes along by itself. */
export function Stops(props: Props) {
  return (
    <section class="group">
      <h2 id="stops">{t("protocol.stops")}</h2>
      <p class="quiet">{t("protocol.stops_hint")}</p>
      {props.view.minutes.stops.map((stop) => (
        <Stop key={stop.id ?? "between"} stop={stop} {...props} />
      ))}
    </section>
  );
}

function Stop({ stop, ...props }: Props & { stop: StopPart }) {
  const { draft, set } = props;
  const { id } = stop;
  return (
    <details class="protocolstop">
      <summary>
        {id ? t("protocol.stop", { number: stop.number, name: stop.name }) : stop.name}{" "}
        <span class="quiet">
          {t("protocol.good")} {stop.good.length}. {t("protocol.bad")} {stop.found.length}.
        </span>
      </summary>
      <div class="stack">
        {id && <p class="quiet">{feltWords(stop)}</p>}
        {id && (
          <GuardedText
            label={t("protocol.comment")}
            max={1000}
            value={textOf(draft.comments, id)}
            onValue={(text) => set({ comments: withText(draft.comments, id, text) })}
          />
        )}
        {stop.good.length + stop.found.length === 0 && <p class="quiet">{t("protocol.nothing")}</p>}
        <Lines title={t("protocol.good")} lines={stop.good} {...props} />
        <Lines title={t("protocol.bad")} lines={stop.found} {...props} />
      </div>
    </details>
  );
}

function feltWords({ felt }: StopPart): string {
  if (!felt) return t("protocol.felt_none");
  return felt.safe === "–" ? t("protocol.felt_few", { n: felt.n }) : t("protocol.felt", { ...felt });
}

function Lines({ title, lines, ...props }: Props & { title: string; lines: ProtocolLine[] }) {
  if (lines.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      {lines.map((line) => (
        <Line key={line.id} line={line} {...props} />
      ))}
    </>
  );
}

function Line({ line, view, draft, set }: Props & { line: ProtocolLine }) {
  const original = textOf(view.originals, line.id);
  const words = textOf(draft.words, line.id) || (draft.words.some((each) => each.id === line.id) ? "" : line.words);
  const write = (text: string) => set({ words: withText(draft.words, line.id, text) });
  return (
    <div class="stack protocolline">
      <p>
        <b>{line.category}</b> <span class="quiet num">{line.number}</span>
      </p>
      {original && (
        <div class="spread">
          <p class="said">{t("protocol.original", { text: original })}</p>
          {words !== original && (
            <button
              type="button"
              class="btn"
              aria-label={`${t("protocol.take_words")}: ${line.number}`}
              onClick={() => write(original)}
            >
              {t("protocol.take_words")}
            </button>
          )}
        </div>
      )}
      <GuardedText label={t("protocol.words", { number: line.number })} max={500} value={words} onValue={write} />
      <Photos of={line.id} number={line.number} view={view} draft={draft} set={set} />
    </div>
  );
}

/** Every photo that may be chosen, with its tick below it. */
export function Photos({ of, number, view, draft, set }: Props & { of: string; number: string }) {
  const photos = view.photos.filter((photo) => photo.of === of);
  if (photos.length === 0) return null;
  return (
    <div class="protocolphotos">
      {photos.map((photo) => {
        const label = t(photo.role === "after" ? "protocol.photo_after" : "protocol.photo_before", { number });
        return (
          <div key={photo.id}>
            <img src={`/photos/${photo.id}?size=320`} alt={label} width={160} height={120} loading="lazy" />
            <CheckField
              label={label}
              checked={draft.photos.includes(photo.id)}
              onValue={() => set({ photos: toggled(draft.photos, photo.id) })}
            />
          </div>
        );
      })}
    </div>
  );
}
