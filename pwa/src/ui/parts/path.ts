import { computed, signal } from "@preact/signals";

/** Where the person is. Every screen has its own path, so the browser's own back button always works. */
const address = signal(readAddress());

export const path = computed(() => address.value.pathname);
export const query = computed(() => address.value.searchParams);

function readAddress(): URL {
  return new URL(location.href);
}

const depth = (): number => (history.state as { depth?: number } | null)?.depth ?? 0;

/** Goes to a screen. With `replace` the screen left behind is not one that back returns to. */
export function go(to: string, { replace = false } = {}): void {
  if (replace) history.replaceState({ depth: depth() }, "", to);
  else history.pushState({ depth: depth() + 1 }, "", to);
  address.value = readAddress();
  scrollTo(0, 0);
}

/** One screen back as the browser sees it, or to `otherwise` when the app was opened right here. */
export function back(otherwise: string): void {
  if (depth() > 0) history.back();
  else go(otherwise, { replace: true });
}

export function listenForBack(): void {
  addEventListener("popstate", () => {
    address.value = readAddress();
  });
}

/** A link handler that keeps new tabs and copied links working. */
export function follow(to: string) {
  return (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(to);
  };
}
