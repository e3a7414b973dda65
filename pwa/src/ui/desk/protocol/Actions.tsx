import type { ProtocolCost, ProtocolView, ProtocolWork } from "../../../domain/wire";
import { t } from "../../parts/words";
import { SelectField } from "../parts/Fields";
import type { Draft } from "./draft";
import { Photos } from "./Stops";

interface Props {
  view: ProtocolView;
  draft: Draft;
  set: (more: Partial<Draft>) => void;
}
type Action = ProtocolView["minutes"]["actions"][number];

const WORK: readonly ProtocolWork[] = ["running", "simple", "investment", "decision"];
const COST: readonly ProtocolCost[] = ["small", "medium", "large"];

/** The action list's own two columns: what sort of work it is, and about what it costs. */
export function Actions(props: Props) {
  const { actions } = props.view.minutes;
  return (
    <section class="group">
      <h2 id="actions">{t("protocol.judge")}</h2>
      {actions.length === 0 && <p class="quiet">{t("protocol.no_actions")}</p>}
      {actions.map((action) => (
        <One key={action.id} action={action} {...props} />
      ))}
    </section>
  );
}

function One({ action, ...props }: Props & { action: Action }) {
  const { draft, set } = props;
  const judged = draft.judged.find((each) => each.id === action.id) ?? { id: action.id, work: null, cost: null };
  const say = (more: Partial<typeof judged>) =>
    set({ judged: [...draft.judged.filter((each) => each.id !== action.id), { ...judged, ...more }] });
  const none = { value: "", name: t("protocol.not_said") };
  return (
    <div class="stack protocolline">
      <p>
        <b>
          {action.number} {action.title}
        </b>{" "}
        <span class="quiet">{action.state_words}</span>
      </p>
      <div class="joined">
        <SelectField
          label={t("protocol.work")}
          value={judged.work ?? ""}
          onValue={(value) => say({ work: (value || null) as ProtocolWork | null })}
          options={[none, ...WORK.map((value) => ({ value, name: t(`protocol.work.${value}`) }))]}
        />
        <SelectField
          label={t("protocol.cost")}
          value={judged.cost ?? ""}
          onValue={(value) => say({ cost: (value || null) as ProtocolCost | null })}
          options={[none, ...COST.map((value) => ({ value, name: t(`protocol.cost.${value}`) }))]}
        />
      </div>
      <Photos of={action.id} number={action.number} {...props} />
    </div>
  );
}
