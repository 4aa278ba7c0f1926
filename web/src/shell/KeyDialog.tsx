import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";

import { Failure } from "../data/ask";
import { keepKey, readKey } from "../data/key";
import { useSystem } from "../data/system";

import { Dialog } from "./Dialog";

/** Asks for the API key as soon as the server refuses to answer without one. */
export function KeyDialog() {
  const { error } = useSystem();
  const client = useQueryClient();
  const [key, setKey] = useState("");
  if (!(error instanceof Failure) || error.kind !== "unauthorized") return null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    keepKey(key.trim());
    void client.resetQueries();
  };
  return (
    <Dialog label="API key" className="key-dialog">
      <form onSubmit={submit}>
        <h2>This server asks for an API key</h2>
        <p className="second">
          {readKey()
            ? "The key that this tab holds was refused."
            : "It was set with MODELWATCH_API_KEY when the server started."}{" "}
          It is kept until the tab is closed.
        </p>
        <label className="field key-field">
          <span className="hidden">API key</span>
          <input
            type="password"
            autoComplete="off"
            value={key}
            placeholder="API key"
            onChange={(event) => {
              setKey(event.target.value);
            }}
          />
        </label>
        <button type="submit" className="button primary" disabled={key.trim() === ""}>
          Open the dashboard
        </button>
      </form>
    </Dialog>
  );
}
