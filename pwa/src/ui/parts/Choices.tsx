/** Three to five equal answers. None is filled before it is chosen; the chosen one has a thick frame and is pressed. */
export function Choices<T extends string>(props: {
  label: string;
  options: readonly { value: T; word: string }[];
  chosen: T | null;
  onChoose: (value: T) => void;
  across?: "two" | "row3" | "row4";
}) {
  return (
    <div class={props.across ?? "row3"} role="group" aria-label={props.label}>
      {props.options.map(({ value, word }) => (
        <button
          type="button"
          key={value}
          class={props.chosen === value ? "choice on" : "choice"}
          aria-pressed={props.chosen === value}
          onClick={() => props.onChoose(value)}
        >
          {word}
        </button>
      ))}
    </div>
  );
}
