import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { MailAside, MailOriginal, MailRow } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, SelectField } from "../parts/Fields";
import { Ready } from "../parts/StateCard";
import { href } from "../router";
import { shortMoment } from "../time/stockholm";

const ASIDE: readonly MailAside[] = ["thanks", "answered", "not_ours", "junk", "person"];

/** One mail: who, what, and what in it to be careful with. `children`: what else can be done with it here. */
export function MailCard({ it, children, on }: { it: MailRow; children?: ComponentChildren; on?: "task" }) {
  return (
    <article class="card stack" aria-labelledby={`m-${it.id}`}>
      <h3 id={`m-${it.id}`}>
        <span class="num">{it.number}</span> <bdi>{it.subject || t("mejl.no_subject")}</bdi>
      </h3>
      <p>
        <span class={`tag${it.state === "unread" ? " t-need" : ""}`}>{kindOf(it)}</span>
      </p>
      {it.task && on !== "task" && (
        <p>
          <a href={href(`/atgarder/${it.task.id}`)}>
            {t("mejl.about", { title: it.task.title, number: it.task.number })}
          </a>
        </p>
      )}
      <p class="quiet">{fromOf(it)}</p>
      {it.why && <p class="quiet">{t(`mejl.why.${it.why}`)}</p>}
      {it.text ? (
        <p class="said" dir="auto">
          {it.text}
        </p>
      ) : (
        <p class="quiet">{t("mejl.no_text")}</p>
      )}
      {it.warns.length > 0 && (
        <p class="note">{t("mejl.warns", { kinds: it.warns.map((kind) => t(`mejl.kind.${kind}`)).join(", ") })}</p>
      )}
      {it.attachments > 0 && <p class="quiet">{t("mejl.attachments", { n: it.attachments })}</p>}
      {it.is_long && <p class="quiet">{t("mejl.long")}</p>}
      {it.settled_at && it.settled_by && (
        <p class="quiet">{t("mejl.settled_by", { when: shortMoment(it.settled_at), who: it.settled_by })}</p>
      )}
      {it.aside && <p class="quiet">{t(`mejl.aside.${it.aside}`)}.</p>}
      <Whole it={it} />
      {children}
      {it.state === "unread" && <PutAside it={it} />}
    </article>
  );
}

function kindOf(it: MailRow): string {
  if (it.kind === "automatic") return t("mejl.automatic");
  if (it.kind === "stray") return t("mejl.unknown");
  if (it.state === "used") return t("mejl.used");
  return t(it.state === "unread" ? "mejl.new" : "mejl.put_aside");
}

function fromOf(it: MailRow): string {
  const when = shortMoment(it.received_at);
  if (!it.who) return t("mejl.from_nobody", { when });
  return t(it.same_sender ? "mejl.from" : "mejl.from_other", { who: it.who, when });
}

/** What was cut off, and to the coordinator who sent it: fetched when somebody asks. */
function Whole({ it }: { it: MailRow }) {
  const [open, setOpen] = useState(false);
  const found = useLoad<MailOriginal>(open ? `/api/mail/${it.id}/original` : null);
  return (
    <>
      <p>
        <button type="button" class="btn" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t(open ? "mejl.hide" : "mejl.whole")}
        </button>
      </p>
      {open && (
        <Ready of={found}>
          {(all) => (
            <>
              {all.sender && <p class="quiet">{t("mejl.sender", { mail: all.sender })}</p>}
              <p class="said" dir="auto">
                {all.text || t("mejl.no_text")}
              </p>
            </>
          )}
        </Ready>
      )}
    </>
  );
}

function PutAside({ it }: { it: MailRow }) {
  const [why, setWhy] = useState<string>("thanks");
  const sending = useSubmit();
  return (
    <form
      class="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const act = operation("incoming_mail.put_aside", it.id, { why: why as MailAside }, it.version);
        void sending.send(t("mejl.aside_done", { number: it.number }), act);
      }}
    >
      <SelectField
        label={t("mejl.aside_why")}
        value={why}
        onValue={setWhy}
        options={ASIDE.map((value) => ({ value, name: t(`mejl.aside.${value}`) }))}
      />
      <Problem text={sending.problem} />
      <p>
        <button
          type="submit"
          class="btn"
          disabled={sending.busy}
          aria-label={t("mejl.aside_it", { number: it.number })}
        >
          {t("mejl.aside")}
        </button>
      </p>
    </form>
  );
}
