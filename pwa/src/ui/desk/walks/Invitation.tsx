import { icons } from "virtual:icons?copy,printer,refresh-cw,chevron-left";
import { useState } from "preact/hooks";
import type { Invite, WalkRow } from "../../../domain/wire";
import { Icon } from "../../parts/Icon";
import { pictureOf } from "../../parts/qr";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { operation } from "../data/operations";
import { useSubmit } from "../data/useSubmit";
import { Problem, TextField } from "../parts/Fields";
import { say } from "../parts/live";
import { Page } from "../parts/Page";
import { EmptyCard, Ready } from "../parts/StateCard";
import { href } from "../router";
import { shortMoment } from "../time/stockholm";
import { CAP } from "./Plan";

export function Invitation({ id }: { id: string }) {
  const walk = useLoad<WalkRow>(`/api/walks/${id}`);
  const invite = useLoad<Invite>(`/api/walks/${id}/invite`, 5000);
  const none = invite.data === null && invite.trouble?.kind === "missing";
  return (
    <Page title={t("invite.title")}>
      <p>
        <a class="back-link" href={href(`/vandringar/${id}`)}>
          <Icon drawing={icons["chevron-left"] ?? ""} />
          {walk.data?.name ?? t("room.vandringar")}
        </a>
      </p>
      <h1 tabIndex={-1}>{t("invite.title")}</h1>
      {none ? (
        <EmptyCard title={t("invite.none.title")} text={t("invite.none.text")}>
          <NewInvite walk={id} cap={CAP} first />
        </EmptyCard>
      ) : (
        <Ready of={invite}>{(found) => <Card invite={found} walk={id} />}</Ready>
      )}
    </Page>
  );
}

function Card({ invite, walk }: { invite: Invite; walk: string }) {
  return (
    <div class="invite">
      {/* The drawing is the server's own; as an image it can carry no script. */}
      <img class="qr" alt={t("invite.qr")} src={pictureOf(invite.qr_svg)} />
      <div class="stack">
        <p class="lead">{t("invite.joined", { joined: invite.joined, cap: invite.cap })}</p>
        <dl class="facts">
          <dt>{t("invite.code")}</dt>
          <dd class="code num">{invite.code}</dd>
          <dt>{t("invite.ends")}</dt>
          <dd>{shortMoment(invite.ends_at)}</dd>
        </dl>
        <CopyLink link={invite.link} />
        <p>
          <a class="btn go" href={`/api/walks/${walk}/sheet`} target="_blank" rel="noopener">
            <Icon drawing={icons.printer ?? ""} />
            {t("invite.print")}
          </a>
        </p>
        <details>
          <summary class="btn plain">{t("invite.replace")}</summary>
          <p class="quiet">{t("invite.replace_means")}</p>
          <NewInvite walk={walk} cap={invite.cap} />
        </details>
      </div>
    </div>
  );
}

function CopyLink({ link }: { link: string }) {
  const [stuck, setStuck] = useState(false);
  async function copy(event: Event) {
    const box = (event.currentTarget as Element).parentElement?.querySelector("input");
    try {
      await navigator.clipboard.writeText(link);
      say(t("invite.copied"));
    } catch {
      // Without a secure context there is no clipboard: mark the link so that it can be copied by hand.
      box?.select();
      setStuck(true);
    }
  }
  return (
    <div>
      <label class="field-label" for="link">
        {t("invite.link")}
      </label>
      <div class="joined">
        <input id="link" class="input" readOnly value={link} onFocus={(event) => event.currentTarget.select()} />
        <button type="button" class="btn" onClick={copy}>
          <Icon drawing={icons.copy ?? ""} />
          {t("invite.copy")}
        </button>
      </div>
      {stuck && <p role="status">{t("invite.copy_by_hand")}</p>}
    </div>
  );
}

function NewInvite({ walk, cap, first }: { walk: string; cap: number; first?: boolean }) {
  const [places, setPlaces] = useState(`${cap}`);
  const sending = useSubmit();
  const n = Number(places);
  const ok = Number.isInteger(n) && n >= 1 && n <= 200;
  return (
    <div class="stack">
      <TextField
        label={t("invite.cap")}
        type="number"
        value={places}
        onValue={setPlaces}
        {...(ok ? {} : { error: t("invite.cap_error") })}
      />
      <Problem text={sending.problem} />
      <p>
        <button
          type="button"
          class="btn"
          disabled={!ok || sending.busy}
          onClick={() => void sending.send(t("invite.made"), operation("walk.invite", walk, { cap: n }))}
        >
          <Icon drawing={icons["refresh-cw"] ?? ""} />
          {first ? t("invite.make") : t("invite.make_new")}
        </button>
      </p>
    </div>
  );
}
