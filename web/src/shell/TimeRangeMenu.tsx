import { useEffect, useRef, useState } from "react";

import { between, zone } from "../format/time";
import { useChangeSearch } from "../navigation/location";
import { PRESETS, writeRange, type TimeRange } from "../navigation/timeRange";
import { Icon } from "../pieces/Icon";

type Props = { range: TimeRange; start: number | null; end: number | null };

/** The stretch of event time that the charts show; `start` and `end` are what it came to. */
export function TimeRangeMenu({ range, start, end }: Props) {
  const [open, setOpen] = useState(false);
  const menu = useRef<HTMLDivElement>(null);
  const change = useChangeSearch();
  useEffect(() => {
    if (!open) return;
    menu.current?.querySelector<HTMLElement>("[role=menuitemradio]")?.focus();
    const away = (event: Event) => {
      if (!menu.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", away);
    return () => {
      document.removeEventListener("pointerdown", away);
    };
  }, [open]);
  const name = writeRange(range);
  const text = PRESETS.find((preset) => preset.name === name)?.text ?? "Chosen";
  return (
    <div className="range" ref={menu}>
      <button
        type="button"
        className="button range-opener"
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => {
          setOpen(!open);
        }}
      >
        <Icon name="clock" />
        <span>{text}</span>
        {start !== null && end !== null && <span className="range-dates">{between(start, end)}</span>}
        <Icon name="down" size={14} />
      </button>
      {open && (
        <div
          className="menu"
          role="menu"
          tabIndex={-1}
          aria-label="Time range"
          onKeyDown={(event) => {
            moveInMenu(event, () => {
              setOpen(false);
            });
          }}
        >
          {PRESETS.map((preset) => (
            <button
              key={preset.name}
              type="button"
              role="menuitemradio"
              aria-checked={preset.name === name}
              onClick={() => {
                setOpen(false);
                change({ range: preset.name, start: null, end: null });
              }}
            >
              {preset.text}
              {preset.name === name && <Icon name="check" size={14} />}
            </button>
          ))}
          <p className="menu-note">
            Event time{end === null ? "" : `, ${zone(end)}`}. Drag over a chart for any other range.
          </p>
        </div>
      )}
    </div>
  );
}

function moveInMenu(event: React.KeyboardEvent, close: () => void): void {
  if (event.key === "Escape") close();
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>("[role=menuitemradio]")];
  const next = items.indexOf(document.activeElement as HTMLElement) + step;
  items[(next + items.length) % items.length]?.focus();
}
