import { useId, useMemo } from "react";

import { DataTable } from "../charts/DataTable";
import { at, moment } from "../format/time";
import { Name } from "../pieces/Name";
import { Notice } from "../pieces/Notice";
import { MetricOverTime } from "../performance/MetricOverTime";
import { axisLabels, outcomeAxis } from "../performance/outcomeAxis";
import { OutcomeLegend } from "../performance/OutcomeLegend";
import { coverageText, intervalText, valueText } from "../performance/words";

import { EvidenceSection, type EvidenceProps } from "./EvidenceSection";
import { EVIDENCE_HEIGHT, EvidenceChart } from "./EvidenceChart";

/** A metric of the outcomes: realized with its interval, estimated before labels, against baseline and thresholds. */
export function PerformanceEvidence({ alert, item, context }: EvidenceProps) {
  const hatch = `hatch${useId().replace(/\W/g, "")}`;
  const answer = context.performance;
  const windows = useMemo(() => answer?.performance.windows ?? [], [answer]);
  const label = item.figure?.classLabel ?? "";
  const line = answer?.chosen.lines.find((each) => each.metric === context.metric && each.label === label);
  const facts = answer?.performance.metrics.find((each) => each.metric === context.metric);
  const times = useMemo(() => windows.map((window) => at(window.end)), [windows]);
  const axis = useMemo(() => outcomeAxis(line, windows, facts, EVIDENCE_HEIGHT), [line, windows, facts]);
  const title = facts?.title ?? item.figure?.title ?? item.metric;
  const together = answer?.chosen.windows.length === windows.length;
  return (
    <EvidenceSection
      alert={alert}
      context={context}
      title={
        <>
          {title}
          {label !== "" && (
            <>
              {" of "}
              <Name name={label} limit={24} />
            </>
          )}
          , 95{"\u2009"}% interval
        </>
      }
    >
      {line && times.length > 0 && together ? (
        <>
          <OutcomeLegend hatch={hatch} line={line} facts={facts} />
          <svg width="0" height="0" className="outcome-defs" aria-hidden="true">
            <defs>
              <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse">
                <path d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5" className="hatch-line" />
              </pattern>
            </defs>
          </svg>
          <EvidenceChart
            alert={alert}
            model={context.model}
            wordsAt={0.94}
            times={times}
            label={`${title} over time; firing since ${moment(at(alert.openedAt))}`}
            readout={(index) =>
              `${title} ${valueText(facts, line.values[index])} ${intervalText(facts, line.lows[index], line.highs[index])}, ${coverageText(windows[index])}`
            }
          >
            {({ width, ...plot }) => (
              <>
                <MetricOverTime
                  {...plot}
                  line={line}
                  windows={windows}
                  axis={axis}
                  plot={width}
                  height={EVIDENCE_HEIGHT}
                  hatch={hatch}
                />
                {axisLabels(line, axis).map(({ at: value, limit }) => (
                  <text
                    key={value}
                    className={limit ? "axis-text is-ink halo" : "axis-text halo"}
                    x="0"
                    y={axis.y(value) - 4}
                  >
                    {valueText(facts, value)}
                  </text>
                ))}
              </>
            )}
          </EvidenceChart>
          <DataTable
            label={`${title}, every window`}
            heads={["Window to", title, "95 % interval", "Estimate", "Labels"]}
            rows={() =>
              windows
                .map((window, index) => [
                  moment(at(window.end)),
                  valueText(facts, line.values[index]),
                  intervalText(facts, line.lows[index], line.highs[index]),
                  valueText(facts, line.estimated[index]),
                  coverageText(window),
                ])
                .reverse()
            }
          />
        </>
      ) : (
        <Notice level="NO_DATA" title="No window of this time is kept">
          <p>{answer?.performance.reason || "What the alert said when it was checked stands in the table below."}</p>
        </Notice>
      )}
    </EvidenceSection>
  );
}
