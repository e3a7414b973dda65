import { Icon } from "../parts/Icon";
import { back } from "../parts/path";
import { t } from "../parts/words";
import { Answer } from "./Choose";
import { nearby } from "./entry";
import { drawing } from "./icons";
import { type Spot, same, spotOf } from "./places";
import { Heading, Screen } from "./Screen";
import { town } from "./store";

/** "Annan plats": every place the municipality knows, area by area, and somewhere in each area. */
export function Places({
  chosen,
  onChoose,
  home,
}: {
  chosen: Spot | null;
  onChoose: (spot: Spot) => void;
  home: string;
}) {
  const known = town.value;
  const choose = (spot: Spot) => {
    onChoose(spot);
    back(home);
  };
  return (
    <Screen back={home}>
      <Heading>{t("places.title")}</Heading>
      {home === "/falt/" && (
        <button
          type="button"
          class="side near"
          onClick={() => {
            nearby();
            back(home);
          }}
        >
          <Icon drawing={drawing("map-pin")} />
          {t("places.near")}
        </button>
      )}
      {!known && <p class="lead">{t("places.none")}</p>}
      {known?.areas.map((area) => (
        <section class="asked" key={area}>
          <h2 class="q">{area}</h2>
          <div class="two">
            {known.places
              .filter((place) => place.area === area)
              .map((place) => (
                <Answer
                  key={place.id}
                  word={place.name}
                  on={same(chosen, spotOf(place))}
                  onClick={() => choose(spotOf(place))}
                />
              ))}
            <Answer
              word={t("place.somewhere", { area })}
              on={same(chosen, { place: null, area })}
              onClick={() => choose({ place: null, area })}
            />
          </div>
        </section>
      ))}
    </Screen>
  );
}
