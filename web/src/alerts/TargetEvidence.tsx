import { useMemo } from "react";

import { Lane } from "../charts/Lane";
import { statistic } from "../format/number";
import { at, moment } from "../format/time";
import { Notice } from "../pieces/Notice";

import { EvidenceSection, type EvidenceProps } from "./EvidenceSection";
import { EVIDENCE_HEIGHT, EvidenceChart } from "./EvidenceChart";

/** What comes true: its PSI against the baseline's, in windows whose labels have come. */
export function TargetEvidence({ alert, context }: EvidenceProps) {
  const answer = context.performance;
  const windows = useMemo(() => answer?.performance.windows ?? [], [answer]);
  const target = answer?.performance.target;
  const times = useMemo(() => windows.map((window) => at(window.end)), [windows]);
  const values = useMemo(
    () => target?.values.map((value, index) => (windows[index]?.mature ? value : null)) ?? [],
    [target, windows],
  );
  const chance = useMemo(() => times.map(() => target?.chance ?? null), [times, target]);
  const { settings, settingDefaults } = answer ?? {};
  return (
    <EvidenceSection alert={alert} context={context} title="PSI of what came true against the baseline’s, log scale">
      {target && times.length > 0 ? (
        <EvidenceChart
          alert={alert}
          model={context.model}
          times={times}
          label={`PSI of what came true over time; firing since ${moment(at(alert.openedAt))}`}
          readout={(index) => `PSI ${statistic(values[index])}, chance ≤ ${statistic(target.chance)}`}
        >
          {(plot) => (
            <Lane
              {...plot}
              values={values}
              chance={chance}
              warning={settings?.psiWarning ?? settingDefaults?.psiWarning ?? null}
              critical={settings?.psiCritical ?? settingDefaults?.psiCritical ?? null}
              height={EVIDENCE_HEIGHT}
              log
              label={statistic}
              named
            />
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
