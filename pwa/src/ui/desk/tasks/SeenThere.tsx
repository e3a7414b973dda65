import { useState } from "preact/hooks";
import type { Bodies } from "../../../domain/wire";
import { Choices } from "../../parts/Choices";
import { t } from "../../parts/words";
import { operation } from "../data/operations";
import { me } from "../data/session";
import { useSubmit } from "../data/useSubmit";
import { Problem } from "../parts/Fields";
import { fullDate } from "../time/stockholm";
import type { WholeTask } from "./TaskPage";

type Answer = Bodies["task.confirm"]["seen"];

const ANSWERS: readonly Answer[] = ["good", "partly", "no", "not_there"];

/** What is said to be mended: the coordinator answers as everybody else who is asked does. The server knows the day. */
export function SeenThere({ task }: { task: WholeTask }) {
  const sending = useSubmit();
  const [answer, setAnswer] = useState<Answer | null>(null);
  // Whoever may not witness it is of the unit that closed it, or entered the closing.
  if (me.value?.user.role !== "coordinator" || !task.arrows.includes("task.verify")) return null;
  const day = task.done_on ? fullDate(task.done_on) : "";
  const question = t("witness.question", { day, has: day ? "yes" : "no" });
  async function choose(seen: Answer) {
    const body: Bodies["task.confirm"] = { seen, seen_on: null };
    if (await sending.send(t("witness.thanks"), operation("task.confirm", task.id, body))) setAnswer(seen);
  }
  return (
    <section class="stack" aria-labelledby="seen-there">
      <h2 id="seen-there">{t("witness.title")}</h2>
      <p>{question}</p>
      <Choices
        across="two"
        label={question}
        chosen={answer}
        options={ANSWERS.map((value) => ({ value, word: t(`witness.${value}`) }))}
        onChoose={(seen) => void choose(seen)}
      />
      <Problem text={sending.problem} />
    </section>
  );
}
