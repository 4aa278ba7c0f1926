/** Single keys for the whole page. They rest while somebody types, and can be switched off (WCAG 2.1.4). */

import { useEffect, useRef } from "react";

const SWITCH = "modelwatch.keys";

export function keysAreOn(): boolean {
  return localStorage.getItem(SWITCH) !== "off";
}

export function switchKeys(on: boolean): void {
  localStorage.setItem(SWITCH, on ? "on" : "off");
}

export function useKeys(actions: Record<string, (event: KeyboardEvent) => void>): void {
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
      if (!keysAreOn()) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      latest.current[key]?.(event);
    };
    window.addEventListener("keydown", pressed);
    return () => {
      window.removeEventListener("keydown", pressed);
    };
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName))
  );
}
