/** Times in the reader's own zone; spans in one unit for tables and two elsewhere. */

import { THIN } from "./number";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** One unit, for tables: `4 h`, `33 h`, `9 d`. */
export function spanShort(milliseconds: number): string {
  const span = Math.max(0, milliseconds);
  if (span < MINUTE) return Math.floor(span / SECOND) + THIN + "s";
  if (span < HOUR) return Math.floor(span / MINUTE) + THIN + "min";
  if (span < 2 * DAY) return Math.floor(span / HOUR) + THIN + "h";
  return Math.floor(span / DAY) + THIN + "d";
}

/** Two units, elsewhere: `9 d 3 h`, `29 h 40 min`; a second unit of nothing is left out. */
export function span(milliseconds: number): string {
  const whole = Math.max(0, milliseconds);
  const [unit, name, smaller, smallName] =
    whole < MINUTE
      ? [SECOND, "s", SECOND, "s"]
      : whole < HOUR
        ? [MINUTE, "min", SECOND, "s"]
        : whole < 2 * DAY
          ? [HOUR, "h", MINUTE, "min"]
          : ([DAY, "d", HOUR, "h"] as const);
  const first = Math.floor(whole / unit);
  const rest = Math.floor((whole - first * unit) / smaller);
  return first + THIN + name + (rest > 0 ? ` ${String(rest)}${THIN}${smallName}` : "");
}

/** A length that a setting gives in seconds: `7 d`, `14 h`, `5 min`. */
export function lengthOf(seconds: number): string {
  return span(seconds * SECOND);
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** `14 Nov`, with its year when that is not the year of `today`. */
export function day(time: number, today: number = Date.now()): string {
  const date = new Date(time);
  const year = date.getFullYear() === new Date(today).getFullYear() ? "" : ` ${String(date.getFullYear())}`;
  return `${String(date.getDate())} ${MONTHS[date.getMonth()]}${year}`;
}

/** `14 Nov`, never with a year: for axes and columns whose surroundings name it. */
export function dayOnly(time: number): string {
  return day(time, time);
}

/** `06:40`. */
export function clock(time: number): string {
  const date = new Date(time);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `14 Nov 06:40`. */
export function moment(time: number, today: number = Date.now()): string {
  return `${day(time, today)} ${clock(time)}`;
}

/** `14 Nov 2013, 05:40 UTC`: what hovering over a local time shows. */
export function utc(time: number): string {
  const date = new Date(time);
  const month = MONTHS[date.getUTCMonth()];
  const hour = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}`;
  return `${String(date.getUTCDate())} ${month} ${String(date.getUTCFullYear())}, ${hour} UTC`;
}

/** `24 Oct – 23 Nov`: the year once, at the end, when it is not this one; days alone when both ends share a month. */
export function between(start: number, end: number, today: number = Date.now()): string {
  const sameYear = new Date(start).getFullYear() === new Date(end).getFullYear();
  if (dayOnly(start) === dayOnly(end) && sameYear) return `${clock(start)} – ${clock(end)}, ${day(end, today)}`;
  return `${sameYear ? dayOnly(start) : day(start, today)} – ${day(end, today)}`;
}

/** The same in UTC, to stand beside a local time; empty where the local time is UTC already. */
export function alsoUtc(time: number): string {
  return zone(time) === "UTC" ? "" : utc(time);
}

/** The reader's zone, named once per page: `UTC`, `UTC+1`, `UTC−3:30`. */
export function zone(time: number): string {
  const minutes = -new Date(time).getTimezoneOffset();
  if (minutes === 0) return "UTC";
  const size = Math.abs(minutes);
  const rest = size % 60 === 0 ? "" : `:${two(size % 60)}`;
  return `UTC${minutes < 0 ? "\u2212" : "+"}${String(Math.floor(size / 60))}${rest}`;
}

/** Microseconds as the server sends them fit a Date: the text is ISO 8601. */
export function at(text: string): number {
  return Date.parse(text);
}
