import { useCallback, useSyncExternalStore } from "react";

/** Whether a media query holds; false where there are none. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (changed: () => void) => {
      const list = typeof matchMedia === "undefined" ? null : matchMedia(query);
      list?.addEventListener("change", changed);
      return () => list?.removeEventListener("change", changed);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => typeof matchMedia !== "undefined" && matchMedia(query).matches);
}

export const PHONE = "(max-width: 639px)";
export const NARROW = "(max-width: 1099px)";
