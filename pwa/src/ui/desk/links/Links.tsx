import { icons } from "virtual:icons?mail,mail-check,mail-x";
import { useState } from "preact/hooks";
import { uuid7 } from "../../../domain/ids";
import type { AnswerLinkRow, AnswerLinks, TaskRow } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, TextField } from "../parts/Fields";
import { dateIn, plainDate, shortMoment } from "../time/stockholm";

/** Who answers this task by a link: whether the letter left, when it was last used, and a way to shut it. */
export function Links({ task }: { task: TaskRow }) {
  const found = useLoad<AnswerLinks>(`/api/tasks/${task.id}/links`, 15_000);
  if (!found.data || (found.data.links.length === 0 && !found.data.can_send)) return null;
  return (
    <section class="stack" aria-labelledby="links">
      <h2 id="links">{t("links.title")}</h2>
      {found.data.links.length === 0 && <p class="quiet">{t("links.none")}</p>}
      <ul class="phonelist">
        {found.data.links.map((link) => (
          <Row key={link.id} link={link} task={task} />
        ))}
      </ul>
      {found.data.can_send && (
        <SendForm key={`${found.data.to} ${found.data.recipient}`} task={task} links={found.data} />
      )}
    </section>
  );
}

const TONE = { pending: "t-move", sent: "t-calm", failed: "t-need" } as const;
const DRAWN = { pending: "mail", sent: "mail-check", failed: "mail-x" } as const;

function Row({ link, task }: { link: AnswerLinkRow; task: TaskRow }) {
  const sending = useSubmit();
  return (
    <li class="box">
      <p>
        <b>{link.recipient || link.to}</b> {link.recipient && <span class="quiet">{link.to}</span>}
      </p>
      {link.helps && <p class="quiet">{t("links.helps")}</p>}
      <p class={`tag ${TONE[link.delivery]}`}>
        <Icon drawing={icons[DRAWN[link.delivery]] ?? ""} />
        {t(`links.delivery.${link.delivery}`, { at: link.sent_at ? shortMoment(link.sent_at) : "" })}
      </p>
      {link.reason && <p class="quiet">{t("links.reason", { reason: link.reason })}</p>}
      <p class="quiet">
        {t("links.facts", { number: link.number, day: plainDate(dateIn(link.ends_at)) })}{" "}
        {link.used_at ? t("links.used", { at: shortMoment(link.used_at) }) : t("links.unused")}
      </p>
      {link.standing === "open" ? (
        <button
          type="button"
          class="btn"
          disabled={sending.busy}
          onClick={() =>
            void sending.send(t("links.revoked_now"), operation("answer_link.revoke", task.id, { link: link.id }))
          }
        >
          {t("links.revoke")}
        </button>
      ) : (
        <p>{t(`links.standing.${link.standing}`)}</p>
      )}
      <Problem text={sending.problem} />
    </li>
  );
}

function SendForm({ task, links }: { task: TaskRow; links: AnswerLinks }) {
  const [open, setOpen] = useState(false);
  const [address, setAddress] = useState(links.to);
  const [recipient, setRecipient] = useState(links.recipient);
  const decides = address.trim() === links.to ? links.decides : links.decides_elsewhere;
  const sending = useSubmit();
  async function send(event: Event) {
    event.preventDefault();
    const body = { link: uuid7(), to: address.trim(), recipient: recipient.trim() };
    if (await sending.send(t("links.sent_now"), operation("answer_link.send", task.id, body))) setOpen(false);
  }
  if (!open)
    return (
      <p>
        <button type="button" class="btn" onClick={() => setOpen(true)}>
          <Icon drawing={icons.mail ?? ""} />
          {t("links.new")}
        </button>
      </p>
    );
  return (
    <form class="stack" onSubmit={send}>
      <p class="quiet">{t(decides ? "links.help" : "links.help_helper", { party: links.party ?? "" })}</p>
      <TextField label={t("links.to")} hint={t("links.to_hint")} value={address} onValue={setAddress} max={254} />
      <TextField
        label={t("links.recipient")}
        hint={t("links.recipient_hint")}
        value={recipient}
        onValue={setRecipient}
        max={80}
        optional
      />
      <Problem text={sending.problem} />
      <p class="acts">
        <button type="submit" class="btn go" disabled={sending.busy}>
          {t("links.send")}
        </button>
        <button type="button" class="btn" onClick={() => setOpen(false)}>
          {t("act.close")}
        </button>
      </p>
    </form>
  );
}
