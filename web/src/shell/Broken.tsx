import { Component, type ReactNode } from "react";

import { Notice } from "../pieces/Notice";

type Props = { children: ReactNode };
type State = { message: string | null };

/** A page that breaks says so and offers a way on, instead of a blank screen. */
export class Broken extends Component<Props, State> {
  override state: State = { message: null };

  static getDerivedStateFromError(error: unknown): State {
    return { message: error instanceof Error ? error.message : String(error) };
  }

  override render() {
    if (this.state.message === null) return this.props.children;
    const reload = () => {
      window.location.reload();
    };
    return (
      <main id="main" className="stage" role="alert">
        <Notice
          level="ERROR"
          title="This page broke"
          action={
            <button type="button" className="button" onClick={reload}>
              Load it again
            </button>
          }
        >
          <p>Nothing is lost on the server. The dashboard said: {this.state.message}</p>
        </Notice>
      </main>
    );
  }
}
