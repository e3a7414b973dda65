import { useEffect, useState } from "preact/hooks";
import { theList } from "../../../../storage/van";
import { asked, me, sessionLost, startTrouble } from "../../data/session";
import { Shell } from "../../parts/Shell";
import { LoadingCard } from "../../parts/StateCard";
import { SignInPage } from "../../SignIn";
import { Van } from "./Van";

/** Without an answer from the server the van knows who it is by the list it took along; it says so when it sends. */
export function VanGate() {
  const [looked, setLooked] = useState(false);
  useEffect(() => {
    if (!asked.value || me.value) return;
    void theList().then((list) => {
      if (list && !me.value) {
        me.value = list.me;
        // The server has answered that nobody is signed in: what is kept stays, and is sent after signing in.
        if (!startTrouble.value) sessionLost.value = true;
        startTrouble.value = null;
      }
      setLooked(true);
    });
  }, [asked.value]);
  if (me.value)
    return (
      <Shell>
        <Van />
      </Shell>
    );
  if (!asked.value || !looked)
    return (
      <main class="page">
        <LoadingCard />
      </main>
    );
  return <SignInPage />;
}
