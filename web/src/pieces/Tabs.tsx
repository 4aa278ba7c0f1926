import type { KeyboardEvent, ReactNode } from "react";

import "./tabs.css";

type Props<Value extends string> = {
  label: string;
  tabs: readonly { value: Value; text: string; badge?: ReactNode }[];
  value: Value;
  onChange: (value: Value) => void;
};

/** Tabs as one tab stop: arrows move and choose. */
export function Tabs<Value extends string>({ label, tabs, value, onChange }: Props<Value>) {
  const move = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const now = tabs.findIndex((tab) => tab.value === value);
    const next = (now + step + tabs.length) % tabs.length;
    onChange(tabs[next].value);
    (event.currentTarget.children[next] as HTMLElement | undefined)?.focus();
  };
  return (
    <div className="tabs" role="tablist" tabIndex={-1} aria-label={label} onKeyDown={move}>
      {tabs.map((tab) => (
        <button
          key={tab.value}
          type="button"
          role="tab"
          aria-selected={tab.value === value}
          tabIndex={tab.value === value ? 0 : -1}
          onClick={() => {
            onChange(tab.value);
          }}
        >
          {tab.text}
          {tab.badge !== undefined && <span className="tab-badge">{tab.badge}</span>}
        </button>
      ))}
    </div>
  );
}
