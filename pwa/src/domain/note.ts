/** Where the page leaves the words of the note, in the language of the person: the worker has none of its own. */
export const WORDS = "trygg-push";
export const WORDS_AT = "/push-words";
