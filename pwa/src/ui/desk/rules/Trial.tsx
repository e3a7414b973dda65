import { useEffect, useRef, useState } from "preact/hooks";
import type { RulesData, TrialExample, TrialResult } from "../../../domain/wire";
import { t } from "../../parts/words";
import { asTrouble } from "../data/api";
import { troubleText } from "../data/troubleWords";
import { Problem } from "../parts/Fields";
import { MapDrawing } from "../parts/MapDrawing";
import { titleOf } from "./draft";
import { runTrial } from "./trial";

interface TrialProps {
  book: string;
  rules: RulesData;
  onDone: () => void;
}

/** The draft over everything there has been, with how far it has come, and what it would change. */
export function Trial({ book, rules, onDone }: TrialProps) {
  const [far, setFar] = useState<{ done: number; of: number } | null>(null);
  const [result, setResult] = useState<TrialResult | null>(null);
  const [problem, setProblem] = useState("");
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  // What was tried is not what stands here now.
  useEffect(() => setResult(null), [JSON.stringify(rules)]);

  async function run() {
    const abort = new AbortController();
    running.current = abort;
    setProblem("");
    setResult(null);
    setFar({ done: 0, of: 0 });
    try {
      await runTrial(
        book,
        (line) => {
          if ("done" in line) return setFar(line);
          setResult(line.result);
          if (!line.kept) setProblem(t("refused.rulebook_moved"));
        },
        abort.signal,
      );
      onDone();
    } catch (error) {
      if (!abort.signal.aborted) setProblem(troubleText(asTrouble(error).kind).text);
    } finally {
      if (!abort.signal.aborted) setFar(null);
    }
  }
  return (
    <section class="stack" aria-labelledby="prova">
      <h3 id="prova">{t("rules.trial")}</h3>
      <p class="quiet">{t("rules.trial_means")}</p>
      <p class="acts">
        <button type="button" class="btn" disabled={far !== null} onClick={() => void run()}>
          {t("rules.try")}
        </button>
      </p>
      {far && (
        <p role="status">
          <progress max={Math.max(far.of, 1)} value={far.done} aria-label={t("rules.trying")} />{" "}
          {t("rules.far", { done: far.done, of: far.of })}
        </p>
      )}
      <Problem text={problem} />
      {result && <Result it={result} rules={rules} />}
    </section>
  );
}

function Result({ it, rules }: { it: TrialResult; rules: RulesData }) {
  const marks = it.points
    .filter(([, , changes]) => changes)
    .map(([lat, lon], n) => ({ id: `${n}`, number: "", name: "", lat, lon, on: true }));
  const never = rules.rules.filter((rule) => it.never.includes(rule.id));
  return (
    <div class="stack trial" role="status">
      <p class="strong">{t("rules.changed", { n: it.changed, of: it.work, all: it.findings })}</p>
      <p>
        {t("rules.other_days", { n: it.other_days })} {t("rules.other_order", { n: it.other_order })}
      </p>
      <div class="scroll">
        <table>
          <caption class="sr">{t("rules.owners_table")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("rules.col.owner")}</th>
              <th scope="col">{t("rules.col.now")}</th>
              <th scope="col">{t("rules.col.then")}</th>
            </tr>
          </thead>
          <tbody>
            {it.owners.map((owner) => (
              <tr key={owner.id}>
                <th scope="row">{owner.name}</th>
                <td>{owner.now}</td>
                <td>{owner.then}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {it.changes.map((change) => (
        <details key={`${change.from}>${change.to}`}>
          <summary>{t("rules.moves", { n: change.count, from: change.from, to: change.to })}</summary>
          <Examples of={change.examples} />
        </details>
      ))}
      {marks.length > 0 && (
        <div class="map-frame">
          <MapDrawing label={t("rules.changed_map", { n: marks.length })} marks={marks} together />
        </div>
      )}
      {it.last_resort > 0 && (
        <div class="stack">
          <p class="strong">{t("rules.last_resort", { n: it.last_resort })}</p>
          <Examples of={it.homeless} />
        </div>
      )}
      {never.length > 0 && (
        <details>
          <summary>{t("rules.never", { n: never.length })}</summary>
          <ul>
            {never.map((rule) => (
              <li key={rule.id}>{titleOf(rule)}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function Examples({ of }: { of: TrialExample[] }) {
  return (
    <ul class="stack">
      {of.map((it) => (
        <li key={it.id}>
          {it.number}: {it.category}
          {it.place && `, ${it.place}`}. {t("rules.then", { why: it.then })}
        </li>
      ))}
    </ul>
  );
}
