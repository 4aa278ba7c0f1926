/** What the fairness page says, and how it sorts what the server says. Pure. */

import type { Axis } from "../charts/Whisker";
import type { Attribute, Disparity, Fairness, Group } from "../data/fairness";
import { plainName } from "../format/name";
import { counted, exact, percent } from "../format/number";
import { at, moment, zone } from "../format/time";
import type { Level } from "../graphql/graphql";
import { isRaised, levelRank, levelWord } from "../levels/level";

/** Rates in the order in which people read them; a model that predicts numbers has means instead. */
export const FIGURES: readonly { value: string; text: string; help: string; share: boolean }[] = [
  {
    value: "selection_rate",
    text: "Selection rate",
    help: "share that is predicted the label that people want",
    share: true,
  },
  {
    value: "true_positive_rate",
    text: "True positive rate",
    help: "of those who are it, the share predicted so",
    share: true,
  },
  {
    value: "false_positive_rate",
    text: "False positive rate",
    help: "of those who are not it, the share predicted it",
    share: true,
  },
  { value: "precision", text: "Precision", help: "of those predicted it, the share who are", share: true },
  { value: "accuracy", text: "Accuracy", help: "share of predictions that are right", share: true },
  { value: "mean_prediction", text: "Mean prediction", help: "mean of what is predicted", share: false },
  { value: "mean_error", text: "Mean error", help: "mean of prediction less truth", share: false },
];

export const RATIO = "demographic_parity_ratio";

/** `Groups are not treated alike by sex (critical). By age no rule is broken.` */
export function fairnessSentence(attributes: readonly Attribute[]): string {
  const raised = attributes.filter((each) => each.level !== null && isRaised(each.level));
  const judged = attributes.filter((each) => each.level !== null && each.level !== "INSUFFICIENT_DATA");
  const calm = judged.filter((each) => !raised.includes(each));
  const small = tooSmall(attributes.filter((each) => !each.crossed));
  const few = small === 0 ? "" : `${counted(small, "group")} ${small === 1 ? "is" : "are"} too small to be judged.`;
  const first =
    judged.length === 0
      ? "No group can be judged yet."
      : raised.length === 0
        ? `No rule is broken by ${listed(calm.map((each) => plainName(each.name)))}.`
        : `Groups are not treated alike by ${listed(raised.map(named))}.`;
  const second =
    raised.length > 0 && calm.length > 0
      ? `By ${listed(calm.map((each) => plainName(each.name)))} no rule is broken.`
      : "";
  return [first, second, few].filter(Boolean).join(" ");
}

function named(attribute: Attribute): string {
  return `${plainName(attribute.name)} (${levelWord(attribute.level ?? "OK").toLowerCase()})`;
}

/** `a`, `a and b`, `a, b and c`, at most five by name. */
export function listed(words: readonly string[]): string {
  const shown = words.length > 5 ? [...words.slice(0, 4), `${exact(words.length - 4)} more`] : words;
  return shown.length < 2 ? (shown[0] ?? "") : `${shown.slice(0, -1).join(", ")} and ${shown[shown.length - 1]}`;
}

/** Groups of which nothing can be said. */
export function tooSmall(attributes: readonly Attribute[]): number {
  return attributes.reduce((sum, each) => sum + each.groups.filter((group) => isSmall(group, each)).length, 0);
}

/** True for a group that has too few rows for every comparison. */
export function isSmall(group: Group, attribute: Attribute): boolean {
  const mine = attribute.disparities.filter((each) => each.groupKey === group.key && each.level !== null);
  return !group.isReference && mine.length > 0 && mine.every((each) => each.level === "INSUFFICIENT_DATA");
}

/** Which window is shown, how far its labels are, and what is called selected. */
export function fairnessFacts(fairness: Fairness): string {
  const last = fairness.windows.at(-1);
  const mature = fairness.newest === null ? null : fairness.windows[fairness.newest];
  const numbers = predictsNumbers(fairness.attributes);
  const selected =
    fairness.favourable && !numbers
      ? `Selected is who is predicted \u201c${plainName(fairness.favourable)}\u201d.`
      : "";
  if (!last) return selected;
  const until = (end: string) => `${moment(at(end))} ${zone(at(end))}`;
  if (mature && mature.end === last.end)
    return `${selected} Window to ${until(last.end)}, ${exact(last.seen)} predictions, ${percent(mature.coverage)} of them labelled.`.trim();
  const newest = `${numbers ? "Mean predictions" : "Selection rates"} are of the window to ${until(last.end)}, ${exact(last.seen)} predictions.`;
  const labels = mature
    ? `What needs labels is of the newest window whose labels have come, to ${until(mature.end)}: ${percent(mature.coverage)} of ${exact(mature.seen)} are labelled.`
    : "";
  return [selected, newest, labels].filter(Boolean).join(" ");
}

/** True for a model whose groups have means in the place of rates. */
export function predictsNumbers(attributes: readonly Attribute[]): boolean {
  return attributes.some((each) =>
    each.groups.some((group) => group.figures.some((figure) => figure.figure === "mean_prediction")),
  );
}

/** A group as it is called inside the section of its attribute. */
export function shortLabel(label: string, attribute: string): string {
  return label.startsWith(`${attribute}=`) ? label.slice(attribute.length + 1) : label;
}

/** The worst that is said of one figure of one group; null where nothing is. */
export function levelOf(disparities: readonly Disparity[], group: string, figure: string): Level | null {
  const levels = disparities.flatMap((each) =>
    each.groupKey === group && each.figure === figure && each.level !== null ? [each.level] : [],
  );
  return levels.length === 0 ? null : levels.reduce((a, b) => (levelRank(b) < levelRank(a) ? b : a));
}

/** Comparisons that somebody should read. */
export function findings(disparities: readonly Disparity[]): Disparity[] {
  return disparities.filter((each) => each.level !== null && (isRaised(each.level) || each.level === "NOTICE"));
}

/** The range of a column of intervals: that of the groups that can be judged, from zero unless that wastes most of it. */
export function axisOf(groups: readonly Group[], figure: string, share: boolean, few: (group: Group) => boolean): Axis {
  const known = groups
    .filter((group) => !few(group))
    .flatMap((group) => group.figures.filter((each) => each.figure === figure));
  const ends = known
    .flatMap((each) => [each.low, each.high, each.value])
    .filter((each): each is number => each !== null);
  if (ends.length === 0) return { low: 0, high: 1 };
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  if (!share) {
    const pad = (most - least || Math.abs(most) || 1) * 0.08;
    return { low: least - pad, high: most + pad };
  }
  const low = least < 0.4 * most ? 0 : Math.floor(least * 20) / 20;
  return { low, high: Math.min(1, Math.ceil(most * 20 + 1e-9) / 20) };
}
