/** The operator's console: one page that talks to the local server that serves it, and to nobody else. */
import "@mantine/core/styles.css";
import "./look/global.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Router } from "wouter";
import { queryClient } from "./api/queryClient";
import { loadToken, takeToken } from "./api/token";
import { Console } from "./app/Console";
import { noncePage } from "./look/nonce";
import { cssVariables, theme } from "./look/theme";
import { Notices } from "./parts/Notices";
import { useHashPath, useHashSearch } from "./route/hash";

// First of all: the token must not stay in the address bar while anything else runs.
loadToken();
// A browser loads nothing for a link that differs from the tab's address only in its hash: of a later start, say.
window.addEventListener("hashchange", () => {
  if (takeToken()) window.location.reload();
});
const nonce = noncePage();

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queryClient}>
        <Router hook={useHashPath} searchHook={useHashSearch}>
          <Notices>
            <Console />
          </Notices>
        </Router>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
