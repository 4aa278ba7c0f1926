/** Light or dark, as theme.js set it before the first paint and as a person chose since. */

import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark";

function watch(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => {
    observer.disconnect();
  };
}

export function useTheme(): Theme {
  return useSyncExternalStore(watch, () => (document.documentElement.dataset["theme"] === "dark" ? "dark" : "light"));
}

export function chooseTheme(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
  localStorage.setItem("modelwatch.theme", theme);
}
