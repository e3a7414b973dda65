import { Component, type ComponentChildren } from "preact";

interface Props {
  /** Shown instead of the screen that broke. `again` draws it once more. */
  instead: (again: () => void) => ComponentChildren;
  /** A new value tries the children again: one broken screen must not lock the others. */
  at: string;
  children: ComponentChildren;
}

/** Never a blank page: what is saved stays saved, and the person is told. */
export class Boundary extends Component<Props, { broken: boolean }> {
  override state = { broken: false };

  static override getDerivedStateFromError() {
    return { broken: true };
  }

  override componentDidCatch(error: unknown) {
    reportError(error);
  }

  override componentDidUpdate(before: Props) {
    if (before.at !== this.props.at && this.state.broken) this.setState({ broken: false });
  }

  override render() {
    if (this.state.broken) return this.props.instead(() => this.setState({ broken: false }));
    return this.props.children;
  }
}
