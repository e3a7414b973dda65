import type { ComponentChildren } from "preact";
import { Icon } from "./Icon";

/** Something is missing or has gone wrong: picture, what, what now, and one next step. */
export function StateCard(props: {
  drawing: string;
  title: string;
  children?: ComponentChildren;
  step?: ComponentChildren;
}) {
  return (
    <section class="card statecard">
      <Icon drawing={props.drawing} size={32} />
      <h2 class="lead">{props.title}</h2>
      {props.children && <div class="quiet">{props.children}</div>}
      {props.step}
    </section>
  );
}
