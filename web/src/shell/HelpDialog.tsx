import { useState } from "react";

import { keysAreOn, switchKeys } from "../pieces/useKeys";

import { Dialog } from "./Dialog";

const KEYS: { where: string; keys: [string[], string][] }[] = [
  {
    where: "Everywhere",
    keys: [
      [["Ctrl", "K"], "find a model or feature"],
      [["?"], "this list"],
    ],
  },
  {
    where: "Lists",
    keys: [
      [["J"], "next row"],
      [["K"], "previous row"],
      [["Enter"], "open"],
      [["/"], "filter"],
    ],
  },
  {
    where: "Drift",
    keys: [
      [["↑", "↓"], "feature"],
      [["←", "→"], "time"],
      [["+", "−"], "zoom around the line"],
      [["Enter"], "open the feature"],
      [["0"], "whole range"],
    ],
  },
  {
    where: "Quality",
    keys: [[["↑", "↓", "←", "→"], "another cell (in the table)"]],
  },
  {
    where: "Performance",
    keys: [[["←", "→"], "another window (in the chart)"]],
  },
  {
    where: "Feature",
    keys: [
      [["[", "]"], "previous, next feature"],
      [["D"], "share, cumulative, difference"],
      [["←", "→"], "another window (in the chart)"],
    ],
  },
  {
    where: "Alerts",
    keys: [
      [["A"], "acknowledge"],
      [["S"], "silence: an hour, until tomorrow, ..."],
      [["R"], "resolve"],
      [["I"], "assign"],
      [["M"], "comment"],
      [["X"], "select (in the list)"],
      [["J", "K"], "next, previous"],
      [["U"], "back to the inbox"],
    ],
  },
];

/** All keys, and the switch that turns single ones off. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
  const [on, setOn] = useState(keysAreOn);
  return (
    <Dialog label="Keys" className="help" onClose={onClose}>
      <h2>Keys</h2>
      <div className="help-groups">
        {KEYS.map((group) => (
          <section key={group.where}>
            <h3 className="quiet small">{group.where}</h3>
            <dl>
              {group.keys.map(([keys, what]) => (
                <div key={what} className="help-line">
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <div className="help-foot">
        <label>
          <input
            type="checkbox"
            checked={on}
            onChange={(event) => {
              setOn(event.target.checked);
              switchKeys(event.target.checked);
            }}
          />{" "}
          Single keys work on every page
        </label>
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
