import { createContext, useContext } from "react";

/** What any page may open: the menu (narrow screens), the search, the list of keys. */
export const ShellContext = createContext<{ open: (what: "menu" | "search" | "help") => void }>({
  open: () => undefined,
});

export function useShell() {
  return useContext(ShellContext);
}
