import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Uuid } from "../../domain/wire";
import { photo } from "../../storage/drafts";
import { Icon } from "../parts/Icon";
import { t } from "../parts/words";
import { drawing } from "./icons";
import { db } from "./store";

/** An address for bytes, let go of when the screen goes. `revision` asks for the bytes anew after masking. */
export function usePhoto(id: Uuid | null, revision = ""): string | null {
  const url = useSignal<string | null>(null);
  useEffect(() => {
    let made: string | null = null;
    let gone = false;
    if (id) {
      void photo(db, id).then((found) => {
        if (!found || gone) return;
        made = URL.createObjectURL(new Blob([found.bytes], { type: "image/jpeg" }));
        url.value = made;
      });
    }
    return () => {
      gone = true;
      if (made) URL.revokeObjectURL(made);
      url.value = null;
    };
  }, [id, revision]);
  return url.value;
}

/** A photo still on the phone, or the icon that stands for it. */
export function Thumb({ id, icon, revision }: { id: Uuid | null; icon: string; revision?: string }) {
  const url = usePhoto(id, revision);
  if (url) return <img class="thumb" src={url} alt={t("photo.alt")} />;
  return (
    <span class="thumb noimg">
      <Icon drawing={drawing(icon)} />
    </span>
  );
}
