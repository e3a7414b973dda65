export type Theme = "day" | "dark" | "red";

const KEY = "theme";

/** The theme chosen by hand, or null when the phone decides. */
export function chosenTheme(): Theme | null {
  const kept = localStorage.getItem(KEY);
  return kept === "day" || kept === "dark" || kept === "red" ? kept : null;
}

export function currentTheme(): Theme {
  return chosenTheme() ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "day");
}

/** Day, dark, night-red, day: one tap each. Kept on this phone. */
export function nextTheme(): Theme {
  const after: Record<Theme, Theme> = { day: "dark", dark: "red", red: "day" };
  const next = after[currentTheme()];
  localStorage.setItem(KEY, next);
  applyTheme();
  return next;
}

export function applyTheme(): void {
  const chosen = chosenTheme();
  if (chosen) document.documentElement.dataset.theme = chosen;
  else delete document.documentElement.dataset.theme;
}
