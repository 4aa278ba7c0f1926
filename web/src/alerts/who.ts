/** The name of who acts, as this browser keeps it until there are accounts. */

import { useSyncExternalStore } from "react";

const PLACE = "modelwatch.who";
const CHANGED = "modelwatch:who";

/** The longest name that is kept: a name, not a story. */
export const LONGEST_NAME = 80;

function subscribe(changed: () => void): () => void {
  window.addEventListener("storage", changed);
  window.addEventListener(CHANGED, changed);
  return () => {
    window.removeEventListener("storage", changed);
    window.removeEventListener(CHANGED, changed);
  };
}

/** '' until somebody has said who they are. */
export function useWho(): string {
  return useSyncExternalStore(subscribe, () => localStorage.getItem(PLACE) ?? "");
}

export function keepWho(name: string): void {
  localStorage.setItem(PLACE, name.trim().slice(0, LONGEST_NAME));
  window.dispatchEvent(new Event(CHANGED));
}
