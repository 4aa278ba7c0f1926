import { useContext } from "react";

import { LiveContext } from "../data/live";

/** Says whether the page asks again by itself, and pauses it. */
export function LiveSwitch() {
  const { live, toggle } = useContext(LiveContext);
  return (
    <button
      type="button"
      className="button bare live"
      aria-pressed={live}
      title={live ? "Asks again every 5 s while visible. Press to pause." : "Paused. Press to follow again."}
      onClick={toggle}
    >
      <svg width="8" height="8" viewBox="0 0 8 8" aria-hidden="true" className={live ? "live-on" : "live-off"}>
        {live ? (
          <circle cx="4" cy="4" r="3" fill="currentColor" />
        ) : (
          <path d="M2 1v6M6 1v6" stroke="currentColor" strokeWidth="1.6" />
        )}
      </svg>
      <span>{live ? "Live" : "Paused"}</span>
    </button>
  );
}
