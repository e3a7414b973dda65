import type { StretchLamps } from "../../../domain/wire";
import { t } from "../../parts/words";
import { Lamp, type LampName } from "../parts/Lamp";
import { Wide } from "../parts/Wide";

const LIGHTS = ["lit", "half", "dark", "missing"] as const;
const LAMPS: Partial<Record<(typeof LIGHTS)[number], LampName>> = { lit: "lit", half: "half", dark: "off" };

/** The lamps of every stråk as a release would show them: before and now, both seen in the dark. */
export function Stretches({ of }: { of: readonly StretchLamps[] }) {
  return (
    <>
      <h3>{t("promise.stretches")}</h3>
      <p>{t("promise.stretches_lead")}</p>
      <Wide label={t("promise.stretches")}>
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">{t("promise.stretch")}</th>
              <th scope="col">{t("promise.stretch_evenings")}</th>
              <th scope="col">{t("promise.stretch_before")}</th>
              {LIGHTS.map((light) => (
                <th key={light} scope="col">
                  {LAMPS[light] && <Lamp name={LAMPS[light]} />} {t(`promise.stretch.${light}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {of.map((it) => (
              <tr key={it.id}>
                <th scope="row">{it.name}</th>
                <td>{it.evenings || "–"}</td>
                <td>{seen(it, it.lit + it.half + it.dark)}</td>
                {LIGHTS.map((light) => (
                  <td key={light}>{light === "missing" && it.missing > 0 ? it.missing : seen(it, it[light])}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </>
  );
}

/** Where nobody has looked in the dark there is nothing to say, and never 0. */
function seen(it: StretchLamps, n: number): string {
  return it.evenings > 0 || it.lit + it.half + it.dark > 0 ? `${n}` : "–";
}
