/** Executes a question against the real schema with the fixtures of one scenario. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { buildSchema, graphql } from "graphql";

import { actionResolvers } from "./actions.ts";
import { alertsOf } from "./alerts.ts";
import { channelResolvers } from "./channels.ts";
import { conceptOf } from "./concept.ts";
import { counted, decide, listed, shown, type Said } from "./decisions.ts";
import { fairnessOf } from "./fairness.ts";
import { few, many, one } from "./fleet.ts";
import { causes, nothingBySegment, segmentPerformance, worstSegments } from "./rootCause.ts";
import { flightModel } from "./flightModel.ts";
import { kindOf } from "./outcomes.ts";
import { performanceOf } from "./performance.ts";
import { ruleResolvers } from "./rules.ts";
import { changeSettings, settingResolvers } from "./settings.ts";
import { silenceResolvers } from "./silences.ts";

export const scenarios = ["one", "few", "many", "empty", "held", "quiet", "error", "key", "reader"] as const;
export type Scenario = (typeof scenarios)[number];

const exported = join(import.meta.dirname, "../../src/modelwatch/server/schema.graphql");
const schema = buildSchema(readFileSync(exported, "utf8"));

type Body = { status: number; body: unknown };

export async function answer(scenario: Scenario, text: string, authorization?: string): Promise<Body> {
  if (scenario === "key" && authorization !== "Bearer mock") return { status: 401, body: { title: "Unauthorized" } };
  if (scenario === "error") return { status: 503, body: { detail: "The database did not answer in 5 s." } };
  const { query, variables } = JSON.parse(text) as { query: string; variables: Record<string, unknown> };
  const result = await graphql({ schema, source: query, variableValues: variables, rootValue: root(scenario) });
  return { status: 200, body: result };
}

function root(scenario: Scenario) {
  const models = { one, few, many, held: one, error: one, key: few, reader: few, quiet: few, empty: () => [] }[
    scenario
  ]();
  return {
    system: {
      version: "0.1.0",
      now: new Date().toISOString(),
      predictionsPerSecond: scenario === "empty" ? 0 : 1164,
      lagSeconds: 0.4,
      lagBytes: 8192,
      accepted: scenario === "empty" ? 0 : 253_882,
      rejected: 0,
      duplicates: 0,
      quarantined: scenario === "many" ? 212 : 0,
      url: "http://127.0.0.1:8470",
      keyRequired: scenario === "key",
      mayWrite: scenario !== "reader",
      falseAlertsPerMonth: new Set(models.map((each) => each.id)).size * 0.03,
    },
    models,
    model: ({ id }: { id: string }) => modelOf(scenario, id, models),
    alerts: (asked: Parameters<typeof listed>[1]) => listed(alertsOf(scenario), asked),
    alertCounts: (asked: Parameters<typeof counted>[1]) => counted(alertsOf(scenario), asked),
    rule: ({ id }: { id: string }) => ({ id, name: "default drift rule", words: "by decision level, 3 of 4 windows" }),
    alertGroup: ({ id }: { id: string }) => {
      const together = alertsOf(scenario).filter((each) => each.group === id);
      const openedAt = together.at(-1)?.openedAt;
      return openedAt
        ? { id, channel: "#ml-oncall", scope: "fleet", openedAt, messages: 2, count: together.length }
        : null;
    },
    alert: ({ id }: { id: string }) => {
      const found = alertsOf(scenario).find((each) => each.id === id);
      return found ? shown(found) : null;
    },
    changeSettings,
    ...channelResolvers(scenario === "empty"),
    ...actionResolvers(scenario === "empty"),
    ...ruleResolvers(scenario === "empty"),
    ...silenceResolvers(scenario === "empty"),
    decideAlerts: (said: Said) => decide(alertsOf(scenario), said),
  };
}

function modelOf(scenario: Scenario, id: string, models: ReturnType<typeof few>) {
  const model = flightModel();
  if (scenario === "held") {
    const noRates = { end: null, rows: 0, referenceRows: 0, times: [], lines: [] };
    const nothing = {
      ...model.drift({ metric: "PSI" }),
      times: [],
      rows: [],
      lines: [],
      critical: 0,
      warning: 0,
      notice: 0,
    };
    return {
      ...model,
      ...settingResolvers(id),
      fairness: fairnessOf(id, false),
      segmentPerformance: nothingBySegment,
      rates: noRates,
      quality: { start: null, end: null, rows: 0, referenceRows: 0, cardinality: [], repeatedIds: null },
      level: "INSUFFICIENT_DATA",
      since: null,
      reference: null,
      heldRows: 312,
      performance: performanceOf("loan-early-repay"),
      conceptDrift: conceptOf("churn-prepaid"),
      reason: "312 of 1,000 rows until a reference stands",
      drift: nothing,
      alerts: [],
      schemaChanges: [],
    };
  }
  const found = models.find((each) => each.id === id);
  return found
    ? {
        ...model,
        ...settingResolvers(found.id),
        alerts: () => listed(alertsOf(scenario), { modelId: found.id }),
        fairness: fairnessOf(found.id),
        segmentPerformance: found.id === "flight-delay" ? segmentPerformance : nothingBySegment,
        worstSegments,
        causes,
        id: found.id,
        task: kindOf(found.id).task,
        performance: performanceOf(found.id),
        conceptDrift: conceptOf(found.id),
        version: found.version,
        level: found.level,
        since: found.since,
        reason: found.reason,
      }
    : null;
}
