/** A Vite plugin that answers /graphql from fixtures. `/mock/<scenario>` changes what it pretends to be. */

import type { IncomingMessage, ServerResponse } from "node:http";

import type { Connect, Plugin } from "vite";

import { answer, scenarios, type Scenario } from "./answer.ts";

let scenario: Scenario = "few";

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(body));
}

const handle: Connect.NextHandleFunction = (request, response, next) => {
  const url = request.url ?? "";
  const asked = url.startsWith("/mock/") ? url.slice("/mock/".length) : null;
  if (asked !== null && (scenarios as readonly string[]).includes(asked)) {
    scenario = asked as Scenario;
    send(response, 200, { scenario });
  } else if (url === "/graphql") {
    void bodyOf(request)
      .then((body) => answer(scenario, body, request.headers.authorization))
      .then(({ status, body }) => {
        send(response, status, body);
      });
  } else next();
};

export function mockServer(): Plugin {
  return {
    name: "modelwatch-mock",
    configureServer: (server) => void server.middlewares.use(handle),
    configurePreviewServer: (server) => void server.middlewares.use(handle),
  };
}
