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
import { chip, entriesOn, tonight } from "./store";

interface Props {
  /** Where back leads when the app was opened right here; without it this is the first screen. */
  back?: string;
  foot?: ComponentChildren;
  children: ComponentChildren;
}

/** The frame: the top row that never changes, the page, and its one main action at the bottom. */
export function Screen({ back: to, foot, children }: Props) {
  return (
    <div class="app">
      <header class="top">
        {to === undefined ? (
          <ThemeKey />
        ) : (
          <button type="button" class="back" aria-label={t("top.back")} onClick={() => back(to)}>
            <Icon drawing={drawing("chevron-left")} />
          </button>
        )}
        <ChipLink />
        <SosKey />
      </header>
      <main>{children}</main>
      {foot && <footer class="foot">{foot}</footer>}
    </div>
  );
}

export function SosKey() {
  return (
    <button type="button" class="sos" onClick={openSos}>
      <Icon drawing={drawing("phone")} />
      112
    </button>
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
  saved: ["smartphone", ""],
  unprotected: ["smartphone", ""],
  waiting: ["smartphone", ""],
  sending: ["arrow-up", "t-move"],
  received: ["badge-check", "t-calm"],
  needs_you: ["hand", "t-need"],
  held: ["users", "t-move"],
} as const;

/** What is saved where: the same place on every screen, and the way to the evening's list. */
function ChipLink() {
  const { word, n } = chip.value;
  const [icon, tone] = CHIP[word];
  const here = entriesOn(tonight.value).length;
  return (
    <a class="state" href="/falt/kvallen" onClick={follow("/falt/kvallen")}>
      <span class={tone}>
        <Icon drawing={drawing(icon)} />
      </span>
      <span>
        {t(`chip.${word}`)}
        <span class="quiet count">
          {word === "waiting" || word === "needs_you" ? t(`chip.${word}.n`, { n }) : t("chip.places", { n: here })}
        </span>
      </span>
    </a>
  );
}

/** The screen's heading. It takes the focus when the screen comes, so that a screen reader begins there. */
export function Heading({ children }: { children: ComponentChildren }) {
  const at = useRef<HTMLHeadingElement>(null);
  useEffect(() => at.current?.focus({ preventScroll: true }), []);
  return (
    <h1 ref={at} tabIndex={-1} class="list">
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
