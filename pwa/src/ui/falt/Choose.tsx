import type { ComponentChildren } from "preact";

interface Option<T extends string> {
  value: T;
  word: string;
}
interface Props<T extends string> {
  id: string;
  question: string;
  options: readonly Option<T>[];
  across: "two" | "row3" | "row4" | "row5";
}

/** Three to five equal answers. None is filled before it is chosen; the chosen one has a thick frame and is pressed. */
export function Choose<T extends string>(props: Props<T> & { chosen: T | null; onChoose: (value: T) => void }) {
  return (
    <Group id={props.id} question={props.question} across={props.across}>
      {props.options.map(({ value, word }) => (
        <Answer key={value} word={word} on={props.chosen === value} onClick={() => props.onChoose(value)} />
      ))}
    </Group>
  );
}

/** The same, but any number of them, and none again. */
export function ChooseMany<T extends string>(
  props: Props<T> & { chosen: readonly T[] | null; onChoose: (values: T[]) => void },
) {
  const chosen = props.chosen ?? [];
  const toggle = (value: T) =>
    props.onChoose(chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value]);
  return (
    <Group id={props.id} question={props.question} across={props.across}>
      {props.options.map(({ value, word }) => (
        <Answer key={value} word={word} on={chosen.includes(value)} onClick={() => toggle(value)} />
      ))}
    </Group>
  );
}

function Group(props: { id: string; question: string; across: string; children: ComponentChildren }) {
  return (
    <section class="asked" id={props.id} tabIndex={-1}>
      <h2 class="q" id={`${props.id}-q`}>
        {props.question}
      </h2>
      <div class={`${props.across} num`} role="group" aria-labelledby={`${props.id}-q`}>
        {props.children}
      </div>
    </section>
  );
}

export function Answer({ word, on, onClick }: { word: string; on: boolean; onClick: () => void }) {
  return (
    <button type="button" class={on ? "choice on" : "choice"} aria-pressed={on} onClick={onClick}>
      {word}
    </button>
  );
}
