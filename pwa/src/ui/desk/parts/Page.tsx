import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { t } from "../../parts/words";
import { forgetOld } from "./live";

let opened = false;

/** A screen: names the window, and moves focus to its heading when one screen replaces another. */
export function Page({ title, wide, children }: { title: string; wide?: boolean; children: ComponentChildren }) {
  useEffect(() => {
    document.title = `${title} – ${t("app.name")}`;
  }, [title]);
  useEffect(() => {
    forgetOld();
    if (opened) document.querySelector<HTMLElement>("main h1")?.focus({ preventScroll: true });
    if (opened) scrollTo(0, 0);
    opened = true;
  }, []);
  return <main class={wide ? "page wide" : "page"}>{children}</main>;
}
