import { useMemo } from "react";

import { areaBetween, linePath } from "../charts/laneGeometry";
import { linear, ticks as roundTicks } from "../charts/scale";
import { useCustomMetric } from "../data/customMetric";
import { plainName } from "../format/name";
import { measured } from "../format/number";
import { at, moment } from "../format/time";
import { Name } from "../pieces/Name";
import { Notice } from "../pieces/Notice";

import { EvidenceSection, type EvidenceProps } from "./EvidenceSection";
import { EVIDENCE_HEIGHT, EvidenceChart } from "./EvidenceChart";

/** A metric that somebody defined: its value with what chance allows, and its bounds. */
export function CustomEvidence({ alert, item, context }: EvidenceProps) {
  const name = item.figure?.metric ?? item.metric;
  const metric = useCustomMetric(context.modelKey, name, context.bounds).data?.model?.customMetrics.at(0);
  const series = metric?.series.find((each) => each.version === alert.version) ?? metric?.series.at(0);
  const points = useMemo(() => series?.dataPoints ?? [], [series]);
  const times = useMemo(() => points.map((each) => at(each.timestamp)), [points]);
  const limits = (
    [
      ["warning", metric?.thresholdWarning ?? null],
      ["critical", metric?.thresholdCritical ?? null],
    ] as const
  ).filter((each): each is ["warning" | "critical", number] => each[1] !== null);
  const numbers = [...points.flatMap((each) => [each.value, each.low, each.high]), ...limits.map(([, value]) => value)];
  const there = numbers.filter((each): each is number => each !== null);
  const [least, most] = [Math.min(...there), Math.max(...there)];
  const room = Math.max((most - least) * 0.1, Math.abs(most) * 0.01, 1e-9);
  const y = linear(least - room, most + room, EVIDENCE_HEIGHT - 6, 10);
  const write = (value: number | null | undefined) =>
    `${measured(value)}${metric?.unit && value !== null && value !== undefined ? `\u2009${metric.unit}` : ""}`;
  const label = plainName(name);
  return (
    <EvidenceSection
      alert={alert}
      context={context}
      title={
        <>
          <Name name={name} limit={32} />, own metric, 95{"\u2009"}% interval
        </>
      }
    >
      {there.length > 0 ? (
        <EvidenceChart
          alert={alert}
          model={context.model}
          times={times}
          label={`${label} over time; firing since ${moment(at(alert.openedAt))}`}
          readout={(index) => `${label} ${write(points[index].value)}`}
        >
          {({ xs, width, cursor, gridLines, widest }) => (
            <g>
              {gridLines.map((x) => (
                <path key={x} d={`M${x.toFixed(0)}.5 0V${String(EVIDENCE_HEIGHT)}`} stroke="var(--c-grid)" />
              ))}
              {roundTicks(least, most, 3).map((tick) => (
                <g key={tick}>
                  <path d={`M0 ${y(tick).toFixed(1)}H${String(width)}`} stroke="var(--c-grid)" />
                  <text className="axis-text halo" x="0" y={y(tick) - 4}>
                    {write(tick)}
                  </text>
                </g>
              ))}
              <path
                className="window-shape"
                d={areaBetween(
                  xs,
                  points.map((each) => each.low),
                  points.map((each) => each.high),
                  y,
                  widest,
                )}
              />
              {limits.map(([kind, value]) => (
                <g key={kind}>
                  <path
                    d={`M0 ${(Math.round(y(value)) + 0.5).toString()}H${String(width)}`}
                    stroke={`var(--${kind})`}
                    strokeDasharray="4 3"
                  />
                  <text className="axis-text halo" x={width} y={y(value) - 4} textAnchor="end">
                    {`${kind} ${write(value)}`}
                  </text>
                </g>
              ))}
              <path
                className="window-line"
                d={linePath(
                  xs,
                  points.map((each) => each.value),
                  y,
                  widest,
                )}
              />
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
