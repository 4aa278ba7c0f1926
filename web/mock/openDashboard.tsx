/** Renders the whole dashboard at an address, against the fixtures, for tests. */

import { render } from "@testing-library/react";
import { vi } from "vitest";

import { App } from "../src/App";

import { answer, type Scenario } from "./answer.ts";

type Server = { scenario: Scenario };

/** Returns the pretended server; changing its scenario changes the next answers. */
export function openDashboard(address: string, scenario: Scenario): Server {
  const server: Server = { scenario };
  vi.stubGlobal("fetch", async (_url: string, init: RequestInit) => {
    const { status, body } = await answer(
      server.scenario,
      String(init.body),
      new Headers(init.headers).get("Authorization") ?? "",
    );
    return new Response(JSON.stringify(body), { status });
  });
  window.history.replaceState(null, "", address);
  render(<App />);
  return server;
}
