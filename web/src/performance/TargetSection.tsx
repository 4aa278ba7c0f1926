import { useMemo, useRef } from "react";

import { DataTable } from "../charts/DataTable";
import { usualStep } from "../charts/heatCanvas";
import { Lane } from "../charts/Lane";
import { linear } from "../charts/scale";
import type { OutcomeWindow, TargetLine } from "../data/performance";
import { plainName } from "../format/name";
import { percent, percentDigits, signed, statistic } from "../format/number";
import { unbroken } from "../format/prose";
import { at, day, moment } from "../format/time";
import { isRaised } from "../levels/level";
import { LevelWord } from "../levels/LevelWord";
import { Name } from "../pieces/Name";
import { useSize } from "../pieces/useSize";

type Props = {
  target: TargetLine;
  windows: readonly OutcomeWindow[];
  pinned: number;
  warning: number | null;
  critical: number | null;
};

const HEIGHT = 96;

/** Whether what comes true has changed, whatever the model says of it. */
export function TargetSection({ target, windows, pinned, warning, critical }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame, { width: 420, height: 120 });
  const times = useMemo(() => windows.map((window) => at(window.end)), [windows]);
  const scale = useMemo(() => linear(times[0] ?? 0, times.at(-1) ?? 1, 0, width - 4), [times, width]);
  const xs = useMemo(() => times.map(scale), [times, scale]);
  const chance = useMemo(() => times.map(() => target.chance), [times, target.chance]);
  const settled = useMemo(
    () => target.values.map((value, index) => (windows[index]?.mature ? value : null)),
    [target.values, windows],
  );
  const newest = target.levels.findLast((level, index) => level !== null && windows[index]?.mature) ?? null;
  return (
    <section className="feature-section target-section" aria-label="What comes true">
      <div className="section-head">
        <h2>What comes true</h2>
        {newest !== null && <LevelWord level={newest} />}
        <span className="quiet small">
          PSI of the truth against the baseline's, on a log scale; {statistic(settled[pinned])} at the line
        </span>
      </div>
      <div className="target-parts">
        <div ref={frame}>
          <svg
            width={width}
            height={HEIGHT + 18}
            className="lane-plot"
            role="img"
            aria-label={`PSI of what came true over time, ${statistic(settled[pinned])} in the window under study`}
          >
            <Lane
              xs={xs}
              values={settled}
              chance={chance}
              warning={warning}
              critical={critical}
              width={width - 4}
              height={HEIGHT}
              log
              cursor={pinned}
              label={(value) => statistic(value)}
              named
              widest={scale(usualStep(times) * 1.7) - scale(0)}
            />
            <text className="axis-text" y={HEIGHT + 14}>
              {day(times[0])}
            </text>
            <text className="axis-text" x={width - 4} y={HEIGHT + 14} textAnchor="end">
              {day(times[times.length - 1])}
            </text>
          </svg>
          <DataTable
            label="PSI of what came true, every window"
            heads={["Window to", "PSI"]}
            rows={() => times.map((time, index) => [moment(time), statistic(target.values[index])]).reverse()}
          />
        </div>
        <div>
          <p className="second">
            {unbroken(plainName(target.text))}
            {/[.]$/.test(target.text) ? "" : "."}{" "}
            {newest !== null && isRaised(newest) && "The level holds over windows that do not overlap."}
          </p>
          <table className="close-up-table target-table">
            <thead>
              <tr>
                <th scope="col">Came true, newest window</th>
                <th scope="col" className="number">
                  Now, %
                </th>
                <th scope="col" className="number">
                  Baseline, %
                </th>
                <th scope="col" className="number">
                  Points
                </th>
              </tr>
            </thead>
            <tbody>
              {target.shares.map((share) => (
                <tr key={share.name}>
                  <th scope="row">
                    <Name name={share.name} limit={28} mono />
                  </th>
                  <td className="number" title={percent(share.now)}>
                    {percentDigits(share.now)}
                  </td>
                  <td className="number second">{percentDigits(share.before)}</td>
                  <td className="number second">{signed((share.now - share.before) * 100)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </section>
  );
}
