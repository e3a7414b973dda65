import { icons } from "virtual:icons?camera,layers-2,trash-2,image-plus";
import { useEffect, useRef, useState } from "preact/hooks";
import { sha256, uuid7 } from "../../../../domain/ids";
import { nowInstant } from "../../../../domain/times";
import type { Instant, Operation } from "../../../../domain/wire";
import { keepAct, type VanPhoto } from "../../../../storage/van";
import { Icon } from "../../../parts/Icon";
import { t } from "../../../parts/words";
import { useGuard } from "../../data/guarding";
import { operation } from "../../data/operations";
import { me } from "../../data/session";
import { GuardedText, Problem, RadioField, TextField } from "../../parts/Fields";
import { addDays, dateIn } from "../../time/stockholm";
import { AsRead } from "../AsRead";
import { type Arrow, bodyFrom, type FieldSpec, fieldsOf, missingFrom, type Values } from "../arrows";
import { Ghost } from "../Ghost";
import { myself } from "../PersonField";
import { drawn, jpegOf } from "../reencode";
import { LEADS, type Seen } from "./over";
import { changed, sendAll } from "./sending";

interface Taken {
  picture: HTMLCanvasElement;
  photo: VanPhoto;
  at: Instant;
}

interface StepProps {
  task: Seen;
  arrow: Arrow;
  before: string | null;
  onDone: () => void;
}

function firstValues(arrow: Arrow, task: Seen): Values {
  const today = dateIn(new Date());
  return {
    // In the van it is taken by whoever sits there; a list of others asks for a network.
    ...(task.person ? { person: task.person } : myself()),
    planned_on: addDays(today, 1),
    next_look_on: addDays(today, 14),
    extent: arrow === "task.finish" ? "full" : "",
  };
}

/** One step, kept on the phone first and sent when it can be. It asks for the same facts as the desk's own form. */
export function VanStep({ task, arrow, before, onDone }: StepProps) {
  const [values, setValues] = useState<Values>(() => firstValues(arrow, task));
  const [taken, setTaken] = useState<Taken[]>([]);
  const [tried, setTried] = useState(false);
  const [stopped, setStopped] = useState("");
  const guard = useGuard();
  const fields = fieldsOf(arrow, task.state);
  const missing = missingFrom(fields, arrow, values, taken.length);

  const photos = taken.map((one) => one.photo);
  const acts = [...taken.map((one) => declared(task, one)), stepOf(task, arrow, values, photos)];

  async function keep(event: Event) {
    event.preventDefault();
    setTried(true);
    const objection = missing.length > 0 ? t("van.missing") : guard([values.public_text ?? "", values.note ?? ""]);
    setStopped(objection ?? "");
    if (objection || !me.value) return;
    try {
      await keepAct({
        id: uuid7(),
        user: me.value.user.id,
        task: task.id,
        title: task.title,
        made_at: Date.now(),
        operations: acts,
        photos,
        leads: LEADS[arrow] ?? task.state,
        refused: null,
      });
    } catch {
      return setStopped(t("van.no_room"));
    }
    changed.value++;
    onDone();
    void sendAll();
  }

  return (
    <form class="box stack" onSubmit={keep} noValidate aria-label={t(`arrow.${arrow}`)}>
      {fields.map((field) => (
        <VanField
          key={field.name}
          field={field}
          value={values[field.name] ?? ""}
          onValue={(value) =>
            // Other words than my own are for somebody else.
            setValues({ ...values, [field.name]: value, ...(field.name === "person" ? { assignee: "" } : {}) })
          }
          error={tried && missing.includes(field.name) ? t(`field.error.${field.kind}`) : ""}
          photos={<Photos before={before} taken={taken} onTaken={setTaken} />}
        />
      ))}
      <AsRead
        reads={
          missing.length === 0 && values.public_text?.trim()
            ? [{ id: task.id, name: task.title, place: task.place, acts }]
            : []
        }
        drawn={new Map(taken.map(({ picture, photo }) => [photo.id, picture]))}
      />
      <Problem text={stopped} />
      <button type="submit" class="btn go tall">
        {t(`arrow.now.${arrow}`)}
      </button>
    </form>
  );
}

function stepOf(task: Seen, arrow: Arrow, values: Values, photos: readonly VanPhoto[]): Operation {
  const body = bodyFrom(
    arrow,
    values,
    photos.map((photo) => photo.id),
  );
  return operation(arrow, task.id, body, task.version);
}

function declared(task: Seen, { picture, photo, at }: Taken): Operation {
  return operation("photo.declare", photo.id, {
    of: { kind: "task", id: task.id },
    role: "after",
    sha256: photo.sha256,
    bytes: photo.bytes.byteLength,
    media_type: "image/jpeg",
    width: picture.width,
    height: picture.height,
    masks: 0,
    taken_at: at,
  });
}

interface FieldProps {
  field: FieldSpec;
  value: string;
  onValue: (value: string) => void;
  error: string;
  photos: preact.ComponentChildren;
}

function VanField({ field, value, onValue, error, photos }: FieldProps) {
  const label = t(`field.${field.name}`);
  const shared = { label, value, onValue, ...(error ? { error } : {}) };
  switch (field.kind) {
    case "photos":
      return <>{photos}</>;
    case "date":
      return <TextField type="date" {...shared} />;
    case "choice":
      return (
        <RadioField
          {...shared}
          options={(field.options ?? []).map((option) => ({ value: option, name: t(`field.${field.name}.${option}`) }))}
        />
      );
    case "public":
      return <GuardedText {...shared} hint={t("form.public_hint")} />;
    case "internal":
      return <GuardedText {...shared} hint={t("form.internal_hint")} optional={!field.required} />;
    default:
      return <TextField {...shared} max={120} />;
  }
}

/** Taken in the page's own viewfinder over the old photo, or chosen as a file. Each is shown before it is kept. */
function Photos({
  before,
  taken,
  onTaken,
}: {
  before: string | null;
  taken: Taken[];
  onTaken: (taken: Taken[]) => void;
}) {
  const [ghost, setGhost] = useState(false);
  const [trouble, setTrouble] = useState("");
  async function take(picture: HTMLCanvasElement) {
    const bytes = await jpegOf(picture);
    onTaken([...taken, { picture, photo: { id: uuid7(), bytes, sha256: await sha256(bytes) }, at: nowInstant() }]);
  }
  async function pick(event: Event) {
    const input = event.currentTarget as HTMLInputElement;
    const file = input.files?.[0];
    input.value = "";
    setTrouble("");
    if (file) await drawn(file).then(take, () => setTrouble(t("photo.not_a_photo")));
  }
  return (
    <div class="field-row afterphoto">
      <p class="field-label">{t("photo.label")}</p>
      <div class="acts">
        <button type="button" class="btn" onClick={() => setGhost(true)}>
          <Icon drawing={icons[before ? "layers-2" : "camera"] ?? ""} />
          {t(before ? "photo.same_frame" : "photo.viewfinder")}
        </button>
        <label class="btn file">
          <Icon drawing={icons["image-plus"] ?? ""} />
          {t("photo.choose")}
          <input class="sr" type="file" accept="image/*" onChange={(event) => void pick(event)} />
        </label>
      </div>
      {trouble && <p class="error">{trouble}</p>}
      {taken.length > 0 && <p class="note">{t("photo.look")}</p>}
      {taken.map((one) => (
        <div key={one.photo.id} class="preview">
          <Picture canvas={one.picture} />
          <button type="button" class="btn" onClick={() => onTaken(taken.filter((other) => other !== one))}>
            <Icon drawing={icons["trash-2"] ?? ""} />
            {t("photo.another")}
          </button>
        </div>
      ))}
      {ghost && <Ghost before={before} onTaken={(picture) => void take(picture)} onClose={() => setGhost(false)} />}
    </div>
  );
}

/** The canvas itself: no second copy of the picture, and no address that outlives the page. */
function Picture({ canvas }: { canvas: HTMLCanvasElement }) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => frame.current?.replaceChildren(canvas), [canvas]);
  return <div ref={frame} />;
}
