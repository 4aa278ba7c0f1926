import { useMemo } from "react";

import { DataTable } from "../charts/DataTable";
import { Lane } from "../charts/Lane";
import { plainName } from "../format/name";
import { exact } from "../format/number";
import { at, moment } from "../format/time";
import { isRate, metricValue, metricWord, readMetric } from "../model/metric";
import { Name } from "../pieces/Name";
import { Notice } from "../pieces/Notice";

import { EvidenceSection, InSegment, type EvidenceProps } from "./EvidenceSection";
import { EVIDENCE_HEIGHT, EvidenceChart } from "./EvidenceChart";

/** A feature or an output: its metric with what chance allows and the thresholds. */
export function ColumnEvidence({ alert, item, context }: EvidenceProps) {
  const history = context.column?.history;
  const metric = readMetric(item.metric);
  const line = history?.lines.find((each) => each.metric === metric);
  const times = useMemo(() => history?.times.map(at) ?? [], [history]);
  const name = plainName(item.column);
  return (
    <EvidenceSection
      alert={alert}
      context={context}
      title={
        <>
          {metricWord(metric)} of <Name name={item.column} limit={30} />
          <InSegment segment={item.segment} />, {isRate(metric) ? "share of rows" : "log scale"}
        </>
      }
    >
      {line && times.length > 0 ? (
        <>
          <EvidenceChart
            alert={alert}
            model={context.model}
            times={times}
            label={`${metricWord(metric)} of ${name} over time; firing since ${moment(at(alert.openedAt))}`}
            readout={(index) =>
              [
                `${metricWord(metric)} ${metricValue(metric, line.values[index])}`,
                `chance ≤ ${metricValue(metric, line.chance[index])}`,
                `${exact(Math.round(history?.rows[index] ?? 0))} rows`,
              ].join(", ")
            }
          >
            {(plot) => (
              <Lane
                {...plot}
                values={line.values}
                chance={line.chance}
                warning={line.thresholdWarning}
                critical={line.thresholdCritical}
                height={EVIDENCE_HEIGHT}
                log={!isRate(metric)}
                label={(value) => metricValue(metric, value)}
                named
              />
            )}
          </EvidenceChart>
          <DataTable
            label={`${metricWord(metric)} of ${name}, every window`}
            heads={["Window to", metricWord(metric), "Chance allows", "Rows"]}
            rows={() =>
              times
                .map((time, index) => [
                  moment(time),
                  metricValue(metric, line.values[index]),
                  metricValue(metric, line.chance[index]),
                  exact(Math.round(history?.rows[index] ?? 0)),
                ])
                .reverse()
            }
          />
        </>
      ) : (
        <Notice level="NO_DATA" title="No window of this time is kept">
          <p>What the alert said when it was checked stands in the table below.</p>
        </Notice>
      )}
    </EvidenceSection>
  );
}
