import { icons } from "virtual:icons?lamp-desk,wifi-off,server-off,lock-keyhole,circle-question-mark,hourglass,circle-minus";
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import type { Trouble, TroubleKind } from "../data/api";
import type { Loaded } from "../data/load";
import { troubleText } from "../data/troubleWords";

interface CardProps {
  icon: string;
  title: string;
  text: string;
  alert?: boolean;
  children?: ComponentChildren;
}

/** What a screen shows instead of its content: what it is, why, and what to do next. */
export function StateCard({ icon, title, text, alert, children }: CardProps) {
  return (
    <section class="card statecard" {...(alert ? { role: "alert" as const } : {})}>
      <Icon drawing={icons[icon] ?? ""} size={32} />
      <h2>{title}</h2>
      <p class="quiet">{text}</p>
      {children}
    </section>
  );
}

export function EmptyCard({ title, text, children }: { title: string; text: string; children?: ComponentChildren }) {
  return (
    <StateCard icon="lamp-desk" title={title} text={text}>
      {children}
    </StateCard>
  );
}

const ICONS: Record<TroubleKind, string> = {
  offline: "wifi-off",
  signed_out: "lock-keyhole",
  denied: "lock-keyhole",
  missing: "circle-question-mark",
  busy: "hourglass",
  refused: "circle-minus",
  fault: "server-off",
};

export function TroubleCard({ trouble, again }: { trouble: Trouble; again: () => void }) {
  const words = troubleText(trouble.kind);
  return (
    <StateCard
      icon={ICONS[trouble.kind]}
      title={words.title}
      text={trouble.kind === "missing" ? words.text : trouble.problem?.detail || words.text}
      alert
    >
      <div class="acts">
        <button type="button" class="btn go" onClick={again}>
          {t("act.again")}
        </button>
        <a class="btn" href="/desk/">
          {t("act.start_page")}
        </a>
      </div>
    </StateCard>
  );
}

/** Nothing for 300 ms, then grey bars, after 3 s words, after 10 s a way out. */
export function LoadingCard({ again }: { again?: () => void }) {
  const [stage, setStage] = useState(0);
  useEffect(() => {
    const timers = [300, 3000, 10_000].map((ms, i) => setTimeout(() => setStage(i + 1), ms));
    return () => timers.forEach(clearTimeout);
  }, []);
  if (stage === 0) return null;
  return (
    <section class="card statecard" role="status">
      <span class="sr">{t("loading.title")}</span>
      <span class="bar-grey" />
      <span class="bar-grey short" />
      {stage > 1 && <p class="quiet">{t("loading.slow")}</p>}
      {stage > 2 && again && (
        <button type="button" class="btn" onClick={again}>
          {t("act.again")}
        </button>
      )}
    </section>
  );
}

/** The content when it is there; otherwise what is known about why not. Old content stays, with a line that says it is old. */
export function Ready<T>({ of, children }: { of: Loaded<T>; children: (data: T) => ComponentChildren }) {
  // What was taken from us, or moved to somebody else, is not shown as if it were only old.
  const isGone = of.trouble?.kind === "missing" || of.trouble?.kind === "denied";
  if (of.data === null || isGone) {
    if (of.trouble && of.trouble.kind !== "signed_out") return <TroubleCard trouble={of.trouble} again={of.again} />;
    return <LoadingCard again={of.again} />;
  }
  return (
    <>
      {of.trouble && of.trouble.kind !== "signed_out" && (
        <p class="stale" role="status">
          <Icon drawing={icons["wifi-off"] ?? ""} />
          <span>{t("loading.stale")}</span>
          <button type="button" class="btn" onClick={of.again}>
            {t("act.again")}
          </button>
        </p>
      )}
      {children(of.data)}
    </>
  );
}
