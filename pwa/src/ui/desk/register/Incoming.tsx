import { useState } from "preact/hooks";
import type { RegisterList } from "../../../domain/wire";
import { t } from "../../parts/words";
import { useLoad } from "../data/load";
import { TextField } from "../parts/Fields";
import { EmptyCard, Ready } from "../parts/StateCard";
import { Wide } from "../parts/Wide";
import { addDays, dateIn, plainDate } from "../time/stockholm";

const WEEK = 6;

/** What came in, day by day, for whoever keeps the diarium: when, from where and what sort, never what it says. */
export function Incoming() {
  const today = dateIn(new Date());
  const [asked, setAsked] = useState({ from: addDays(today, -WEEK), to: today, q: "" });
  const [typed, setTyped] = useState(asked);
  const query = new URLSearchParams(asked);
  const found = useLoad<RegisterList>(`/api/register/list?${query}`);
  const set = (name: keyof typeof asked) => (value: string) => setTyped({ ...typed, [name]: value });
  const look = (event: Event) => {
    event.preventDefault();
    setAsked(typed);
  };
  return (
    <section class="stack" aria-labelledby="inkommet">
      <h2 id="inkommet">{t("register.incoming")}</h2>
      <p class="quiet">{t("register.incoming_means")}</p>
      <form class="stack" onSubmit={look}>
        <TextField label={t("register.from")} type="date" value={typed.from} onValue={set("from")} />
        <TextField label={t("register.to")} type="date" value={typed.to} onValue={set("to")} />
        <TextField
          label={t("register.search")}
          hint={t("register.search_hint")}
          value={typed.q}
          onValue={set("q")}
          optional
        />
        <p>
          <button type="submit" class="btn">
            {t("register.look")}
          </button>
        </p>
      </form>
      <Ready of={found}>{(list) => <Rows list={list} query={query} />}</Ready>
    </section>
  );
}

function Rows({ list, query }: { list: RegisterList; query: URLSearchParams }) {
  if (list.rows.length === 0) return <EmptyCard title={t("register.none_came")} text={t("register.none_came_text")} />;
  return (
    <>
      {!list.is_whole && <p class="note">{t("register.too_many")}</p>}
      <p class="acts">
        <a class="btn" href={`/api/register/list?${query}&format=csv`} download>
          {t("register.sheet", { n: list.rows.length })}
        </a>
      </p>
      <Wide label={t("register.incoming")}>
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">{t("register.col.number")}</th>
              <th scope="col">{t("register.col.on")}</th>
              <th scope="col">{t("register.col.about")}</th>
              <th scope="col">{t("register.col.sender")}</th>
            </tr>
          </thead>
          <tbody>
            {list.rows.map((it) => (
              <tr key={it.id}>
                <th scope="row" class="nowrap">
                  {it.number}
                </th>
                <td class="nowrap">{plainDate(it.on)}</td>
                <td>{it.about || t(`register.kind.${it.kind}`)}</td>
                <td>{it.sender}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Wide>
    </>
  );
}
