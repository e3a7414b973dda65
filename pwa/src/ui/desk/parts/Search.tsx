import { icons } from "virtual:icons?search";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../../parts/Icon";
import { query, setQuery } from "../router";

interface SearchProps {
  label: string;
  /** For the key that goes here. */
  field: { current: HTMLInputElement | null };
  /** Parts of the address that another search makes meaningless. */
  clears?: readonly string[];
}

/** Searches half a second after the last letter; the URL follows, so that the view can be sent to a colleague. */
export function Search({ label, field, clears = [] }: SearchProps) {
  const asked = query.value.get("q") ?? "";
  const [words, setWords] = useState(asked);
  useEffect(() => setWords(asked), [asked]);
  useEffect(() => {
    if (words === (query.value.get("q") ?? "")) return;
    const timer = setTimeout(
      () => setQuery({ ...Object.fromEntries(clears.map((part) => [part, ""])), q: words }),
      500,
    );
    return () => clearTimeout(timer);
  }, [words]);
  return (
    <label class="searching input">
      <Icon drawing={icons.search ?? ""} />
      <span class="sr">{label}</span>
      <input
        ref={field}
        type="search"
        placeholder={label}
        value={words}
        onInput={(event) => setWords(event.currentTarget.value)}
      />
      <kbd>/</kbd>
    </label>
  );
}
