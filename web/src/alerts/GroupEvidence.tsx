import { useMemo } from "react";

import { areaBetween, linePath } from "../charts/laneGeometry";
import { linear, ticks as roundTicks } from "../charts/scale";
import { useFairness, useGroupLines } from "../data/fairness";
import { plainName } from "../format/name";
import { measured, percent, statistic } from "../format/number";
import { at, moment } from "../format/time";
import { FIGURES, RATIO } from "../fairness/words";
import { Name } from "../pieces/Name";
import { Notice } from "../pieces/Notice";

import { EvidenceSection, type EvidenceProps } from "./EvidenceSection";
import { EVIDENCE_HEIGHT, EvidenceChart } from "./EvidenceChart";

/** A group beside the one that it is held against: the rate that decided, over time. */
export function GroupEvidence({ alert, item, context }: EvidenceProps) {
  const { modelKey, bounds } = context;
  const fairness = useFairness(modelKey, bounds, alert.checkedAt, true).data?.model?.fairness;
  const attribute = fairness?.attributes.find((each) =>
    each.groups.some((group) => group.key === item.figure?.groupKey),
  );
  const disparity = attribute?.disparities.find(
    (each) => each.metric === item.metric && each.groupKey === item.figure?.groupKey,
  );
  const figure = disparity?.figure ?? FIGURES[0].value;
  const answer = useGroupLines(modelKey, bounds, attribute?.key ?? "", figure).data?.model?.fairness;
  const lines = answer?.attributes.find((each) => each.key === attribute?.key)?.lines;
  const times = useMemo(() => answer?.windows.map((window) => at(window.end)) ?? [], [answer]);
  const own = lines?.find((line) => line.groupKey === item.figure?.groupKey);
  const reference = attribute?.groups.find((group) => group.isReference);
  const other = lines?.find((line) => line.groupKey === reference?.key);
  const known = FIGURES.find((each) => each.value === figure);
  const write = (value: number | null | undefined) =>
    figure === RATIO ? statistic(value) : known?.share ? percent(value) : measured(value);
  const numbers = [own, other]
    .flatMap((line) => [...(line?.values ?? []), ...(line?.highs ?? [])])
    .filter((each): each is number => each !== null);
  const high = Math.max(...numbers, 1e-6) * 1.1;
  const y = linear(0, high, EVIDENCE_HEIGHT - 1, 8);
  const name = plainName(item.figure?.group ?? "");
  return (
    <EvidenceSection
      alert={alert}
      context={context}
      title={
        <>
          {known?.text ?? figure} of <Name name={item.figure?.group ?? ""} limit={28} /> against{" "}
          <Name name={item.figure?.against ?? ""} limit={28} />
        </>
      }
    >
      {own && times.length > 0 ? (
        <EvidenceChart
          alert={alert}
          model={context.model}
          times={times}
          label={`${known?.text ?? figure} of ${name} over time; firing since ${moment(at(alert.openedAt))}`}
          readout={(index) =>
            `${name} ${write(own.values[index])}${other ? `, ${plainName(other.group)} ${write(other.values[index])}` : ""}`
          }
        >
          {({ xs, width, cursor, gridLines, widest }) => (
            <g>
              {gridLines.map((x) => (
                <path key={x} d={`M${x.toFixed(0)}.5 0V${String(EVIDENCE_HEIGHT)}`} stroke="var(--c-grid)" />
              ))}
              {roundTicks(0, high, 3).map((tick) => (
                <g key={tick}>
                  <path d={`M0 ${y(tick).toFixed(1)}H${String(width)}`} stroke="var(--c-grid)" />
                  {tick > 0 && (
                    <text className="axis-text halo" x="0" y={y(tick) - 4}>
                      {write(tick)}
                    </text>
                  )}
                </g>
              ))}
              <path className="window-shape" d={areaBetween(xs, own.lows, own.highs, y, widest)} />
              {other && <path className="reference-line" d={linePath(xs, other.values, y, widest)} />}
              <path className="window-line" d={linePath(xs, own.values, y, widest)} />
              {[own, other].map((line) => {
                const last = line?.values.findLastIndex((each) => each !== null) ?? -1;
                const value = line?.values[last] ?? null;
                return line && value !== null ? (
                  <text
                    key={line.groupKey}
                    className={line === own ? "axis-text is-window halo" : "axis-text halo"}
                    x={xs[last] - 4}
                    y={y(value) - 6}
                    textAnchor="end"
                  >
                    {plainName(line.group)}
                  </text>
                ) : null;
              })}
              <path d={`M0 ${(EVIDENCE_HEIGHT - 0.5).toString()}H${String(width)}`} stroke="var(--line-strong)" />
              {cursor >= 0 && (
                <path
                  d={`M${Math.round(xs[cursor]).toString()}.5 0V${String(EVIDENCE_HEIGHT)}`}
                  stroke="var(--ink-3)"
                />
              )}
            </g>
          )}
        </EvidenceChart>
      ) : (
        <Notice level="NO_DATA" title="No window of this time is kept">
          <p>What the alert said when it was checked stands in the table below.</p>
        </Notice>
      )}
    </EvidenceSection>
  );
}
