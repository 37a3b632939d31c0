/** Keeps the frame when a screen breaks, and says what broke. */
import { Component, type PropsWithChildren, type ReactNode } from "react";
import { Problem } from "../parts/Problem";

export class Boundary extends Component<PropsWithChildren, { readonly error?: unknown }> {
  override readonly state: { readonly error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <Problem
        error={error}
        retry={() => {
          window.location.reload();
        }}
      />
    );
  }
}
