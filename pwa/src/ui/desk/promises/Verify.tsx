import { t } from "../../parts/words";
import { Problem } from "../parts/Fields";
import { useAsking } from "./useAsking";

/** Every lamp of the promise has been seen on the spot: somebody says so of the whole of it. */
export function Verify({ id, again }: { id: string; again: () => void }) {
  const asking = useAsking(again);
  return (
    <>
      <p>{t("promise.verify_lead")}</p>
      <Problem text={asking.problem} />
      <p>
        <button
          type="button"
          class="btn"
          disabled={asking.busy}
          onClick={() => void asking.ask(`/api/promises/${id}/verify`, {}, t("promise.verified"))}
        >
          {t("promise.verify")}
        </button>
      </p>
    </>
  );
}
