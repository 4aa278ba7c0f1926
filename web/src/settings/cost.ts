/** What false alarms a setting makes, in words. */

import type { FalseAlarms } from "../data/settings";
import { exact } from "../format/number";

const MONTHS_A_YEAR = 365.25 / 30;

/** False alerts a month as people count them: `3 a month`, `1 in 4 months`, `1 in 2.7 years`. */
export function rateInWords(perMonth: number): string {
  if (perMonth >= 0.95) return `${short(perMonth)} a month`;
  if (perMonth <= 0) return "none";
  const months = 1 / perMonth;
  if (months < 1.5) return "1 a month";
  if (months < 2 * MONTHS_A_YEAR) return `1 in ${short(months)} months`;
  const years = months / MONTHS_A_YEAR;
  return years > 1000 ? "fewer than 1 in 1,000 years" : `1 in ${short(years)} years`;
}

/** Two digits below ten, whole numbers above. */
export function short(value: number): string {
  return value < 9.95 ? String(Number(value.toPrecision(2))) : exact(Math.round(value));
}

export function noticesInWords(alarms: FalseAlarms): string {
  return alarms.notices < 0.95 ? rateInWords(alarms.notices) : `${short(alarms.notices)} a month`;
}

/** The same with what is counted: `3 false alerts a month`, `1 false alert in 2.7 years`. */
export function alertsInWords(perMonth: number): string {
  const rate = rateInWords(perMonth);
  if (rate === "none") return "no false alert";
  if (rate.includes("1 in ")) return rate.replace("1 in", "1 false alert in");
  return rate.replace(" a month", ` false ${rate === "1 a month" ? "alert" : "alerts"} a month`);
}

/** The whole answer: `When nothing changes: about 1 false alert in 3 years, and at most 1 in 2.7 years.` */
export function costInWords(alarms: FalseAlarms): string {
  const about = alertsInWords(alarms.alertsAbout);
  const most = rateInWords(alarms.alertsAtMost);
  const first = /^[0-9]/.test(about) ? `about ${about}` : about;
  return `When nothing changes: ${first}${most === rateInWords(alarms.alertsAbout) ? "" : `, and at most ${most}`}.`;
}

/** For which windows the figures were reckoned. */
export function reckonedFor(alarms: FalseAlarms): string {
  const columns = alarms.columns === 1 ? "1 column" : `${exact(alarms.columns)} columns`;
  const looks = alarms.looksPerDay;
  const often = looks >= 1 ? `${short(looks)} looks a day` : `a look every ${short(1 / looks)} days`;
  return `Reckoned for ${columns}, windows of ${exact(Math.round(alarms.rows))} rows and ${often}.`;
}
