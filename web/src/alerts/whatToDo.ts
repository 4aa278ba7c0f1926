/** Steps that the product can take part in, derived from what is known of an alert. Pure. */

import type { AlertDetail } from "../data/alerts";
import { stateWord } from "../actions/words";
import { plainName } from "../format/name";
import { percent } from "../format/number";
import { at, moment, span } from "../format/time";
import { modelPath } from "../navigation/address";
import { withSearch } from "../navigation/location";
import { coverageText } from "../performance/words";

import { driftAround, evidenceLink } from "./evidenceLink";
import { unjudged } from "./status";
import type { AlertContext } from "./useAlertContext";

export type Step = { title: string; why: string; to?: string };

const DAY = 86_400_000;
const MOST = 4;

/** At most four steps, what is likeliest to lead on first. */
export function whatToDo(alert: AlertDetail, context: AlertContext): Step[] {
  const steps = [
    decideAction(context),
    ownTrouble(alert),
    silentSource(alert),
    unusableRows(alert, context),
    newVersion(alert, context),
    oneSegment(alert, context),
    openEvidence(alert, context),
    together(alert, context),
    outcomes(alert, context),
    carriersOfLoss(alert, context),
    quietEnd(alert),
  ];
  return steps.filter((each): each is Step => each !== null).slice(0, MOST);
}

function here(alert: AlertDetail, more: Record<string, string | null>): string {
  return (
    modelPath(alert.modelId) +
    withSearch("", {
      env: alert.environment === "production" ? null : alert.environment,
      version: alert.version,
      ...more,
    })
  );
}

/** An action that waits for somebody, failed, or has run: what it proposes stands on its page. */
function decideAction({ runs }: AlertContext): Step | null {
  const run = runs.find((each) => each.state === "PROPOSED") ?? runs.at(0);
  if (!run || run.state === "REJECTED" || run.state === "EXPIRED") return null;
  const name = plainName(run.action);
  const title = run.state === "PROPOSED" ? `Decide on ${name}` : `${name}: ${stateWord(run.state).toLowerCase()}`;
  return { title, why: run.why, to: "/actions" };
}

/** What modelwatch tells of itself about messages is mended on the page of channels. */
function ownTrouble(alert: AlertDetail): Step | null {
  if (!["monitor_dead_letters", "monitor_channels", "monitor_messages"].includes(alert.kind)) return null;
  return {
    title: "Look at the channels",
    why: "What each last answered; a test can be sent at once, and what was given up can be sent again.",
    to: "/channels",
  };
}

/** A check that cannot judge comes before what it once found. */
function silentSource(alert: AlertDetail): Step | null {
  const level = unjudged(alert);
  if (level === "NO_DATA" || alert.kind === "no_data")
    return {
      title: "See whether predictions still arrive",
      why: alert.evaluation.text || "The alert stays as it is until there are rows to judge.",
      to: here(alert, {}),
    };
  if (level === "ERROR" || alert.kind === "check_failed")
    return {
      title: "Read why the check failed",
      why: alert.evaluation.text || "The alert stays as it is until the check runs again.",
      to: here(alert, { tab: "settings" }),
    };
  if (level === "INSUFFICIENT_DATA")
    return { title: "Wait for enough rows", why: alert.evaluation.text || "Too few rows to judge the newest window." };
  return null;
}

const UNUSABLE: Record<string, string> = { null: "nulls", nan: "NaN", infinite: "infinite", mistyped: "another type" };

function unusableRows(alert: AlertDetail, { worst, column }: AlertContext): Step | null {
  if (!worst || worst.figure !== null) return null;
  const moved = column?.distribution?.specials
    .filter((each) => each.name.toLowerCase() in UNUSABLE && each.window - each.reference > 0.01)
    .sort((a, b) => b.window - b.reference - (a.window - a.reference))
    .at(0);
  if (!moved) return null;
  const what = UNUSABLE[moved.name.toLowerCase()];
  return {
    title: `Ask the source of ${plainName(worst.column)}`,
    why: `Rows that cannot be used, ${what}: ${percent(moved.reference)} in the reference, ${percent(moved.window)} now.`,
    to: here(alert, { tab: "quality", feature: worst.column, kind: kindOfRows(moved.name) }),
  };
}

function kindOfRows(special: string): string {
  return { null: "nulls", nan: "nans" }[special.toLowerCase()] ?? special.toLowerCase();
}

/** A version that began at most two days before the alert is worth a question. */
function newVersion(alert: AlertDetail, { model }: AlertContext): Step | null {
  const opened = at(alert.openedAt);
  const began = model?.versions.find((each) => {
    const time = at(each.firstEvent);
    return time <= opened && opened - time <= 2 * DAY;
  });
  if (!began || !model || model.versions.length < 2) return null;
  return {
    title: `Ask what ${plainName(began.version)} changed`,
    why: `It began ${span(opened - at(began.firstEvent))} before the alert.`,
  };
}

function oneSegment(alert: AlertDetail, { worst, column, bounds }: AlertContext): Step | null {
  if (!worst || worst.figure !== null || worst.segment !== null) return null;
  const carrier = column?.carriers
    .flatMap((ranking) => ranking.carriers)
    .filter((each) => each.named && each.label !== null)
    .sort((a, b) => b.part - a.part)
    .at(0);
  if (!carrier?.label) return null;
  return {
    title: `Look at ${plainName(carrier.label)} alone`,
    why: carrier.text,
    to: driftAround(alert, bounds, carrier.label),
  };
}

function openEvidence(alert: AlertDetail, { worst, column }: AlertContext): Step | null {
  const link = worst && !alert.system ? evidenceLink(alert, worst) : null;
  if (!worst || !link) return null;
  if (worst.figure !== null)
    return { title: link.text, why: "The same figure with its windows and groups.", to: link.to };
  return {
    title: `Compare ${plainName(worst.column)} before and after`,
    why: column?.distribution
      ? `Its values against ${column.distribution.referenceLabel}, window by window.`
      : "Its values against the reference, window by window.",
    to: link.to,
  };
}

/** What else moved at that time, from the drift map. */
function together(alert: AlertDetail, { worst, bounds }: AlertContext): Step | null {
  if (!worst || worst.figure !== null || alert.system) return null;
  return {
    title: "See what else moved then",
    why: "Every column around the time at which it began.",
    to: driftAround(alert, bounds, worst.segment ?? ""),
  };
}

/** Whether it harms already, or until when that is not known. */
function outcomes(alert: AlertDetail, { worst, performance }: AlertContext): Step | null {
  if (!performance || alert.system || worst?.figure?.subject.endsWith("performance")) return null;
  const { state, trend, windows, newest: judged } = performance.performance;
  const to = here(alert, { tab: "performance" });
  const newest = windows.at(-1);
  if (state === "ready" && trend === "degrading")
    return { title: "See how far performance fell", why: "Worse than the baseline, for certain and by much.", to };
  if (state === "ready" && newest && !newest.mature)
    return {
      title: "Wait for labels before judging the harm",
      why: `The newest window: ${coverageText(newest)}.`,
      to,
    };
  if (state === "ready" && judged !== null && trend === "stable")
    return { title: "No loss of performance so far", why: "The outcomes of these windows are as before.", to };
  if (state === "no_labels" || state === "waiting")
    return { title: "Send actuals to see the harm", why: "Without labels only an estimate is possible.", to };
  return null;
}

/** A fall of performance has segments and features that carry it. */
function carriersOfLoss(alert: AlertDetail, { worst }: AlertContext): Step | null {
  if (worst?.figure?.subject !== "performance") return null;
  return {
    title: "See what carries the loss",
    why: "Segments and features, ranked by their part of it.",
    to: here(alert, { tab: "segments" }),
  };
}

function quietEnd(alert: AlertDetail): Step | null {
  if (alert.status !== "SILENCED" || alert.silencedUntil === null) return null;
  return {
    title: `Silenced until ${moment(at(alert.silencedUntil))}`,
    why: "After that it is told again if it goes on.",
  };
}
