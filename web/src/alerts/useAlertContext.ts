import { useMemo } from "react";

import { useAlertAround, type AlertDetail, type AlertItem, type AlertRun } from "../data/alerts";
import { useColumn, type ColumnDetail } from "../data/column";
import { useModel, type Bounds, type ModelDetail, type ModelKey } from "../data/model";
import { usePerformance, type PerformanceAnswer } from "../data/performance";
import { at } from "../format/time";
import { usualMetric } from "../performance/words";

import { isOpen } from "./status";
import { worstItem } from "./worstItem";

/** What is known around an alert: its worst item, its model, the column or the outcomes behind it. */
export type AlertContext = {
  worst: AlertItem | undefined;
  modelKey: ModelKey;
  model: ModelDetail | null | undefined;
  bounds: Bounds;
  column: ColumnDetail | null | undefined;
  performance: PerformanceAnswer | null | undefined;
  runs: readonly AlertRun[];
  rule: { name: string; words: string } | null;
  /** The metric of the outcomes that `performance` holds. */
  metric: string;
  /** False while something is still being read. */
  settled: boolean;
};

const DAY = 86_400_000;

/** From well before the alert to when it was last checked; a stretch of at least some windows of the model. */
export function boundsAround(alert: AlertDetail, windowSeconds: number): Bounds {
  const opened = at(alert.openedAt);
  const until = at(alert.resolvedAt ?? alert.checkedAt);
  const around = Math.max(DAY, (until - opened) * 0.4, windowSeconds * 4000);
  const after = alert.resolvedAt === null ? 0 : around / 2;
  return { start: new Date(opened - around).toISOString(), end: new Date(until + after).toISOString() };
}

export function useAlertContext(alert: AlertDetail): AlertContext {
  const worst = worstItem(alert);
  const { modelId, environment, version } = alert;
  const modelKey = useMemo(() => ({ id: modelId, environment, version }), [modelId, environment, version]);
  const modelQuestion = useModel(modelKey, !alert.system);
  const model = modelQuestion.data?.model;
  const ready = Boolean(model);
  const bounds = useMemo(() => boundsAround(alert, model?.windowSeconds ?? 0), [alert, model?.windowSeconds]);
  const subject = worst?.figure?.subject;
  const own = subject === "performance" || subject === "estimated_performance";
  const metric = own && worst ? worst.metric : usualMetric(model?.task ?? "binary");
  const performance = usePerformance(modelKey, { metric, bounds, segment: "" }, alert.checkedAt, ready);
  const asked = useMemo(
    () =>
      worst && worst.figure === null ? { name: worst.column, role: worst.role, segment: worst.segment ?? "" } : null,
    [worst],
  );
  const around = useAlertAround(alert).data;
  const window = isOpen(alert.status) ? null : alert.openedAt;
  const column = useColumn(modelKey, asked, window, bounds, ready ? alert.checkedAt : "");
  return {
    worst,
    modelKey,
    model,
    bounds,
    column: column.data?.model?.column,
    performance: performance.data?.model,
    runs: around?.actionRuns ?? [],
    rule: around?.rule ?? null,
    metric,
    settled: alert.system || (!modelQuestion.isLoading && !performance.isLoading && !column.isLoading),
  };
}
