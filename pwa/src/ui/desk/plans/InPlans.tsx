import type { PlansView, Uuid } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { href } from "../router";

/** What a task was promised in: the agreement, the focus area and the commitment above it. Nothing when it is in none. */
export function InPlans({ task }: { task: Uuid }) {
  const found = useLoad<PlansView>(`/api/plans?task=${task}`);
  if (!found.data || found.data.agreements.length === 0) return null;
  return (
    <section class="stack" aria-labelledby="in-plans">
      <h2 id="in-plans">{t("commitment.above")}</h2>
      <ul class="phonelist">
        {found.data.agreements.flatMap((agreement) =>
          agreement.plans.flatMap((plan) =>
            plan.commitments.map((it) => (
              <li key={it.id} class="box">
                <p class="quiet">
                  {agreement.title}. {plan.focus}. {plan.title}
                </p>
                <p>
                  <a href={href("/planer")}>{it.text}</a>
                </p>
              </li>
            )),
          ),
        )}
      </ul>
    </section>
  );
}
