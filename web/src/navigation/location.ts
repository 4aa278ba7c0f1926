/** The browser's address as React state, and the two ways to change it. */

import { useCallback, useMemo, useSyncExternalStore } from "react";

import { placeOf, type Place } from "./address";

const CHANGED = "modelwatch:address";

function subscribe(changed: () => void): () => void {
  window.addEventListener("popstate", changed);
  window.addEventListener(CHANGED, changed);
  return () => {
    window.removeEventListener("popstate", changed);
    window.removeEventListener(CHANGED, changed);
  };
}

/** Goes to an address; `replace` for steps that the back button should not stop at, such as typing in a filter. */
export function goTo(address: string, { replace = false } = {}): void {
  if (replace) window.history.replaceState(null, "", address);
  else window.history.pushState(null, "", address);
  window.dispatchEvent(new Event(CHANGED));
}

export function usePlace(): Place {
  const path = useSyncExternalStore(subscribe, () => window.location.pathname);
  return useMemo(() => placeOf(path), [path]);
}

export function useSearch(): URLSearchParams {
  const search = useSyncExternalStore(subscribe, () => window.location.search);
  return useMemo(() => new URLSearchParams(search), [search]);
}

/** Changes some parameters of the address and leaves the others; null takes one away. */
export function useChangeSearch(): (changes: Record<string, string | null>, options?: { replace?: boolean }) => void {
  return useCallback((changes, options) => {
    goTo(window.location.pathname + withSearch(window.location.search, changes), options);
  }, []);
}

/** The query part of an address with some parameters changed, `?` included when anything is left. */
export function withSearch(search: string | URLSearchParams, changes: Record<string, string | null>): string {
  const next = new URLSearchParams(search);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  return text === "" ? "" : `?${text}`;
}
