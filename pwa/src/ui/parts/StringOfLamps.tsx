import { Lamp } from "./Lamp";

/** More than this no longer fits as lamps and is said in words. */
const MOST = 11;

/** The walk as lamps: lit where something is answered, a ring with the number where we are. */
export function StringOfLamps({ lit, here, words }: { lit: readonly boolean[]; here: number | null; words: string }) {
  if (lit.length > MOST) return <p class="kick stringwords">{words}</p>;
  return (
    <div class="string" role="img" aria-label={words}>
      {lit.map((on, i) =>
        i === here ? (
          <span class="here" key={i}>
            {i + 1}
          </span>
        ) : (
          <Lamp state={on ? "on" : "off"} key={i} />
        ),
      )}
    </div>
  );
}
