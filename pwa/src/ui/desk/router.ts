import { computed, signal } from "@preact/signals";

const BASE = "/desk";

const url = signal(new URL(location.href));

/** The path under /desk, without a slash at the end: "/atgarder/…". */
export const path = computed(() => url.value.pathname.slice(BASE.length).replace(/\/+$/, "") || "/");
export const query = computed(() => url.value.searchParams);

export function href(to: string): string {
  return BASE + to;
}

export function go(to: string, { replace = false } = {}): void {
  history[replace ? "replaceState" : "pushState"](null, "", href(to));
  url.value = new URL(location.href);
}

/**
 * Changes named parts of the query and keeps the rest; an empty value takes the part away. The URL is the view.
 * Without `replace` the browser's back button undoes it.
 */
export function setQuery(changes: Record<string, string>, { replace = true } = {}): void {
  const next = new URLSearchParams(query.value);
  for (const [name, value] of Object.entries(changes)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  const text = next.toString();
  go(path.value + (text ? `?${text}` : ""), { replace });
}

/** The pieces of `/vandringar/:id/inbjudan`, or null when the path is another. */
export function match(pattern: string, actual: string): Record<string, string> | null {
  const wanted = pattern.split("/");
  const given = actual.split("/");
  if (wanted.length !== given.length) return null;
  const found: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    if (part.startsWith(":")) found[part.slice(1)] = decodeURIComponent(given[i] ?? "");
    else if (part !== given[i]) return null;
  }
  return found;
}

export function listen(): void {
  addEventListener("popstate", () => {
    url.value = new URL(location.href);
  });
  // Plain links stay plain links: new tabs and copied addresses work, and an ordinary click stays in the page.
  document.addEventListener("click", (event) => {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    const link = (event.target as Element | null)?.closest?.("a");
    if (!link || link.target || link.origin !== location.origin || !link.pathname.startsWith(`${BASE}/`)) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    go(link.pathname.slice(BASE.length) + link.search);
  });
}
