import { type Messages, setupI18n } from "@lingui/core";

const i18n = setupI18n();

/** Called once by each surface with its own catalogue (`*.words.json`), before the first render. */
export function speak(locale: "sv" | "en", messages: Messages): void {
  i18n.loadAndActivate({ locale, messages: { ...i18n.messages, ...messages } });
  document.documentElement.lang = locale;
}

/** The words of screens that come in a later file. */
export function addWords(messages: Messages): void {
  i18n.load(i18n.locale, messages);
}

/** The text with this id in the language in use. A missing id is a defect, found by the catalogue test. */
export function t(id: string, values?: Record<string, unknown>): string {
  return i18n._(id, values);
}
