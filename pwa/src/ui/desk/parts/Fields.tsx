import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { t } from "../../parts/words";
import { objection } from "../data/guarding";

interface FieldProps {
  label: string;
  hint?: string;
  error?: string;
  optional?: boolean;
  children: (at: { id: string; "aria-describedby"?: string; "aria-invalid"?: "true" }) => ComponentChildren;
}

/** Label, hint and error tied to the control that `children` draws. */
export function Field({ label, hint, error, optional, children }: FieldProps) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ");
  return (
    <div class="field-row">
      <label class="field-label" for={id}>
        {label}
        {optional && <span class="quiet"> {t("form.optional")}</span>}
      </label>
      {hint && (
        <p class="quiet hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {children({
        id,
        ...(described ? { "aria-describedby": described } : {}),
        ...(error ? { "aria-invalid": "true" as const } : {}),
      })}
      {error && (
        <p class="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}

interface TextProps {
  label: string;
  value: string;
  onValue: (value: string) => void;
  hint?: string;
  error?: string;
  optional?: boolean;
  max?: number;
  type?: "text" | "date" | "month" | "time" | "number";
  list?: string[];
  autocomplete?: "off" | "username" | "current-password";
}

export function TextField({
  label,
  value,
  onValue,
  hint,
  error,
  optional,
  max,
  type = "text",
  list,
  autocomplete = "off",
}: TextProps) {
  const listId = useId();
  return (
    <Field label={label} {...pick({ hint, error })} {...(optional ? { optional } : {})}>
      {(at) => (
        <>
          <input
            {...at}
            class="input"
            type={type}
            value={value}
            maxLength={max}
            autocomplete={autocomplete}
            list={list ? listId : undefined}
            onInput={(event) => onValue(event.currentTarget.value)}
          />
          {list && (
            <datalist id={listId}>
              {list.map((word) => (
                <option key={word} value={word} />
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  );
}

export interface Option {
  value: string;
  name: string;
}

interface ChoiceProps {
  label: string;
  value: string;
  onValue: (value: string) => void;
  options: Option[];
  hint?: string;
  error?: string;
}

export function SelectField({ label, value, onValue, options, hint, error }: ChoiceProps) {
  return (
    <Field label={label} {...pick({ hint, error })}>
      {(at) => (
        <select {...at} class="input" value={value} onChange={(event) => onValue(event.currentTarget.value)}>
          {options.map((option) => (
            <option key={option.value} value={option.value} selected={option.value === value}>
              {option.name}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Few choices shown side by side; none is preferred in how it looks. */
export function RadioField({ label, value, onValue, options, error }: ChoiceProps) {
  const name = useId();
  return (
    <fieldset class="field-row">
      <legend class="field-label">{label}</legend>
      <div class="radios">
        {options.map((option) => (
          <label key={option.value} class={`choice${option.value === value ? " on" : ""}`}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onValue(option.value)}
            />
            {option.name}
          </label>
        ))}
      </div>
      {error && <p class="error">{error}</p>}
    </fieldset>
  );
}

export function CheckField({
  label,
  checked,
  onValue,
  hint,
  disabled = false,
}: {
  label: string;
  checked: boolean;
  disabled?: boolean;
  onValue: (on: boolean) => void;
  hint?: string;
}) {
  const id = useId();
  return (
    <div class="check">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={(event) => onValue(event.currentTarget.checked)}
      />
      <label for={id}>{label}</label>
      {hint && (
        <p class="quiet hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** A text other people will read. The guard speaks when the writer pauses; it also stops the form. */
export function GuardedText({ label, value, onValue, hint, error, max = 500 }: TextProps) {
  const [seen, setSeen] = useState("");
  const timer = useRef(0);
  useEffect(() => {
    timer.current = window.setTimeout(() => setSeen(objection(value) ?? ""), 400);
    return () => clearTimeout(timer.current);
  }, [value]);
  return (
    <Field label={label} {...pick({ hint, error: error || seen })}>
      {(at) => (
        <textarea
          {...at}
          class="input area"
          rows={3}
          value={value}
          maxLength={max}
          onInput={(event) => onValue(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

function pick(given: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(given).filter((pair): pair is [string, string] => Boolean(pair[1])));
}

/** Why the last try was refused; read aloud at once. */
export function Problem({ text }: { text: string }) {
  return (
    <div role="alert" class="problem">
      {text && <p>{text}</p>}
    </div>
  );
}
