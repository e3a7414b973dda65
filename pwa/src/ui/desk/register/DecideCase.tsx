import { useState } from "preact/hooks";
import type { RegisterCase } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useGuard } from "../data/guarding";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { GuardedText, Problem, RadioField, TextField } from "../parts/Fields";

/** A decision has a person's name, a ground and a reason. A refusal always says how to appeal. */
export function DecideCase({ case: it, appeal }: { case: RegisterCase; appeal: string }) {
  const sending = useSubmit();
  const guard = useGuard();
  const [choice, setChoice] = useState("");
  const [name, setName] = useState("");
  const [ground, setGround] = useState("");
  const [reason, setReason] = useState("");
  const [how, setHow] = useState(appeal);
  const [stopped, setStopped] = useState("");
  const granted = choice === "grant";
  const send = async () => {
    const objection = guard([reason, ground]);
    setStopped(objection ?? "");
    if (objection) return;
    const body = {
      granted,
      name: name.trim(),
      ground: ground.trim(),
      reason: reason.trim(),
      appeal: granted ? "" : how,
    };
    await sending.send(t(granted ? "register.granted" : "register.refused"), operation("erasure.decide", it.id, body));
  };
  const isReady = choice !== "" && name.trim().length > 1 && ground.trim() !== "" && reason.trim() !== "";
  return (
    <div class="box stack">
      <RadioField
        label={t("register.decision")}
        value={choice}
        onValue={setChoice}
        options={[
          { value: "grant", name: t("register.grant") },
          { value: "refuse", name: t("register.refuse") },
        ]}
      />
      {granted && <p class="note">{t("register.grant_means")}</p>}
      <TextField label={t("register.name")} hint={t("register.name_hint")} value={name} max={80} onValue={setName} />
      <GuardedText
        label={t("register.ground")}
        hint={t("register.ground_hint")}
        value={ground}
        max={300}
        onValue={setGround}
      />
      <GuardedText
        label={t("register.reason")}
        hint={t("register.reason_hint")}
        value={reason}
        max={500}
        onValue={setReason}
      />
      {choice === "refuse" && <GuardedText label={t("register.appeal")} value={how} max={1_000} onValue={setHow} />}
      <p>
        <button type="button" class="btn go" disabled={sending.busy || !isReady} onClick={() => void send()}>
          {t("register.decide")}
        </button>
      </p>
      <Problem text={stopped || sending.problem} />
    </div>
  );
}
