import { Component, type ComponentChildren } from "preact";
import { t } from "../../parts/words";
import { StateCard } from "./StateCard";

/** A screen that breaks says so and offers a way on; the bar above it still works. `at` starts it anew. */
export class Boundary extends Component<{ at: string; children: ComponentChildren }, { broken: string | null }> {
  override state = { broken: null as string | null };

  static override getDerivedStateFromError() {
    return { broken: "?" };
  }

  override componentDidCatch() {
    this.setState({ broken: this.props.at });
  }

  override componentDidUpdate(before: { at: string }) {
    if (this.state.broken !== null && before.at !== this.props.at) this.setState({ broken: null });
  }

  override render() {
    if (this.state.broken === null) return this.props.children;
    return (
      <main class="page">
        <StateCard icon="server-off" title={t("broken.title")} text={t("broken.text")} alert>
          <button type="button" class="btn go" onClick={() => this.setState({ broken: null })}>
            {t("act.again")}
          </button>
        </StateCard>
      </main>
    );
  }
}
