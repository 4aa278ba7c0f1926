import { useEffect, useMemo, useState, type ReactNode } from "react";

import { useKeys } from "../pieces/useKeys";

import { HelpDialog } from "./HelpDialog";
import { KeyDialog } from "./KeyDialog";
import { SearchDialog } from "./SearchDialog";
import { ShellContext } from "./shellContext";
import { Sidebar } from "./Sidebar";
import "./shell.css";

/** The frame around every page: sidebar, search, help, and the question for a key when the server asks for one. */
export function Shell({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState<"menu" | "search" | "help" | null>(null);
  const context = useMemo(() => ({ open: setOpen }), []);
  const close = () => {
    setOpen(null);
  };
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setOpen("search");
      }
      if (event.key === "Escape") setOpen((now) => (now === "menu" ? null : now));
    };
    window.addEventListener("keydown", pressed);
    return () => {
      window.removeEventListener("keydown", pressed);
    };
  }, []);
  useKeys({
    "?": () => {
      setOpen("help");
    },
  });
  return (
    <ShellContext value={context}>
      <div className="app">
        <a className="skip" href="#main">
          Skip to content
        </a>
        <Sidebar isOpen={open === "menu"} onClose={close} />
        {children}
        {open === "search" && <SearchDialog onClose={close} />}
        {open === "help" && <HelpDialog onClose={close} />}
        <KeyDialog />
      </div>
    </ShellContext>
  );
}
