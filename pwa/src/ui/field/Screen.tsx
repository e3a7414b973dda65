import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "../parts/Icon";
import { Lamp } from "../parts/Lamp";
import { back, follow } from "../parts/path";
import { currentTheme, nextTheme } from "../parts/theme";
import { t } from "../parts/words";
import { drawing } from "./icons";
import { openSos } from "./Sos";
import { chip, drafts } from "./store";

interface Props {
  /** Where back leads when the app was opened right here; without it this is the home screen. */
  back?: string;
  /** Drawn between the top row and the page, from edge to edge. */
  over?: ComponentChildren;
  /** The walk as lamps, at the head of the page. */
  lamps?: ComponentChildren;
  foot?: ComponentChildren;
  /** Something is being done with what is shown: until it is, nothing of it can be changed. */
  busy?: boolean;
  children: ComponentChildren;
}

/** The frame of every field screen: the top row that never changes, the page, and its one main action at the bottom. */
export function Screen({ back: to, over, lamps, foot, busy = false, children }: Props) {
  return (
    <div class="app">
      <TopRow {...(to === undefined ? {} : { back: to })} />
      {over}
      <main inert={busy} aria-busy={busy}>
        {lamps}
        {children}
      </main>
      {foot && (
        <footer class="foot" inert={busy}>
          {foot}
        </footer>
      )}
    </div>
  );
}

export function TopRow({ back: to }: { back?: string }) {
  return (
    <header class="top">
      {to === undefined ? (
        <ThemeKey />
      ) : (
        <button type="button" class="back" aria-label={t("top.back")} onClick={() => back(to)}>
          <Icon drawing={drawing("chevron-left")} />
        </button>
      )}
      <ChipLink />
      <button type="button" class="sos" onClick={openSos}>
        <Icon drawing={drawing("phone")} />
        112
      </button>
    </header>
  );
}

const theme = signal(currentTheme());

/** One tap: day, dark, night-red. */
export function ThemeKey() {
  return (
    <button
      type="button"
      class="mark"
      aria-label={t("theme.change", { now: t(`theme.${theme.value}`) })}
      onClick={() => {
        theme.value = nextTheme();
      }}
    >
      <Lamp state="lit" />
    </button>
  );
}

const CHIP = {
  saved: ["smartphone", "", ""],
  unprotected: ["smartphone", "", ""],
  waiting: ["wifi", "", ""],
  sending: ["arrow-up", "t-move", "t-move"],
  received: ["badge-check", "t-calm", "t-calm"],
  needs_you: ["hand", "t-need", "t-need"],
  held: ["users", "t-move", "t-move"],
} as const;

/** What is saved where: the same place on every screen, and the way to the list. */
function ChipLink() {
  const { word, n } = chip.value;
  const [icon, tone] = CHIP[word];
  const { observations, feelings, answers } = drafts.value;
  const here = observations.length + feelings.length + answers.length;
  const away = word === "waiting" || word === "sending" || word === "needs_you";
  return (
    <a class="state" href="/att-skicka" onClick={follow("/att-skicka")}>
      <span class={tone}>
        <Icon drawing={drawing(icon)} />
      </span>
      <span>
        {t(`chip.${word}`, { n })}
        {(word === "saved" || word === "unprotected") && n > 0 && <span class="quiet count">{t("chip.n", { n })}</span>}
        {away && here > 0 && <span class="quiet count">{t("chip.here", { n: here })}</span>}
        {word === "unprotected" && n === 0 && <span class="quiet count">{t("chip.open")}</span>}
      </span>
    </a>
  );
}

/** The screen's heading. It takes the focus when the screen comes, so that a screen reader begins there. */
export function Heading({ children, class: look }: { children: ComponentChildren; class?: string }) {
  const at = useRef<HTMLHeadingElement>(null);
  useEffect(() => at.current?.focus({ preventScroll: true }), []);
  return (
    <h1 ref={at} tabIndex={-1} class={look ?? ""}>
      {children}
    </h1>
  );
}

export function Note({ icon, tone, children }: { icon: string; tone?: string; children: ComponentChildren }) {
  return (
    <p class={`note ${tone ?? ""}`}>
      <Icon drawing={drawing(icon)} />
      <span>{children}</span>
    </p>
  );
}

/** A button that goes to another screen is a link: it can be opened, read out and found as one. */
export function Go(props: { to: string; class: string; icon?: string; children: ComponentChildren; label?: string }) {
  return (
    <a
      class={props.class}
      href={props.to}
      onClick={follow(props.to)}
      {...(props.label ? { "aria-label": props.label } : {})}
    >
      {props.icon && <Icon drawing={drawing(props.icon)} />}
      {props.children}
    </a>
  );
}

export function Key(props: {
  class: string;
  icon?: string;
  children: ComponentChildren;
  onClick: () => void;
  label?: string;
  pressed?: boolean;
}) {
  return (
    <button
      type="button"
      class={props.class}
      onClick={props.onClick}
      {...(props.label ? { "aria-label": props.label } : {})}
      {...(props.pressed === undefined ? {} : { "aria-pressed": props.pressed })}
    >
      {props.icon && <Icon drawing={drawing(props.icon)} />}
      {props.children}
    </button>
  );
}
