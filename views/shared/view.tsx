/** What all views share: from the first moment, without a result, to the one that can be shown. */
import { render, type ComponentChildren, type JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Place } from "./format";
import { connectHost, reportHeight, type Host, type HostContext } from "./host";
import { applyLook } from "./look";
import { readResult, type Read } from "./result";
import "./style.css";

type State<T> = Read<T> | { readonly state: "waiting" | "cancelled" };

/** What is shown of a value. */
export interface Shown<T> {
  readonly value: T;
  readonly host: Host;
  readonly place: Place;
}

const Message = ({ title, children }: { title: string; children?: ComponentChildren }) => (
  <div class="message">
    <h1>{title}</h1>
    {children}
  </div>
);

const Waiting = ({ what }: { what: string }) => (
  <div class="message" role="status">
    <h1>Waiting for {what} …</h1>
    <div class="bone" />
    <div class="bone" />
    <div class="bone short" />
  </div>
);

interface View<T> {
  /** Of the view, for the client. */
  readonly name: string;
  /** What the view shows, in words: "the order". */
  readonly what: string;
  readonly isValue: (value: object) => value is T & object;
  readonly show: (shown: Shown<T>) => JSX.Element;
}

interface Seen<T> {
  readonly state: State<T>;
  readonly context: HostContext;
  readonly host?: Host;
}

const Body = <T,>({ view, seen }: { view: View<T>; seen: Seen<T> }) => {
  const { state, host, context } = seen;
  switch (state.state) {
    case "waiting":
      return <Waiting what={view.what} />;
    case "cancelled":
      return <Message title="Cancelled">Nothing is shown, because the call was cancelled.</Message>;
    case "failed":
      return (
        <Message title={`${view.what.replace(/^the /, "No ")} to show`}>
          <p role="alert">{state.message}</p>
        </Message>
      );
    case "value":
      return host === undefined ? (
        <Waiting what={view.what} />
      ) : (
        view.show({ value: state.value, host, place: context })
      );
  }
};

type Change<T> = (change: (seen: Seen<T>) => Seen<T>) => void;

const connect = async <T,>({ name, isValue }: View<T>, set: Change<T>): Promise<void> => {
  const become = (state: State<T>) => {
    set((seen) => ({ ...seen, state }));
  };
  const host = await connectHost(name, {
    onContext: (context) => {
      applyLook(context);
      set((seen) => ({ ...seen, context: { ...seen.context, ...context } }));
    },
    onResult: (result) => {
      become(readResult(result, isValue));
    },
    onCancelled: () => {
      become({ state: "cancelled" });
    },
  });
  set((seen) => ({ ...seen, host }));
};

const Root = <T,>({ view }: { view: View<T> }) => {
  const [seen, set] = useState<Seen<T>>({ state: { state: "waiting" }, context: {} });
  useEffect(() => {
    connect(view, set).catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      set((before) => ({ ...before, state: { state: "failed", code: "", message } }));
    });
  }, [view]);
  return <Body view={view} seen={seen} />;
};

/** Shows a view in the page that it is the script of. */
export const start = <T,>(view: View<T>): void => {
  const main = document.createElement("main");
  document.body.append(main);
  reportHeight(main);
  render(<Root view={view} />, main);
};
