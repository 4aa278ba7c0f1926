/** Ticks of a time axis on local hours, days and months. */

import { clock, dayOnly } from "../format/time";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MONTH = 30.4 * DAY;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

export type TimeTick = { time: number; text: string };

export function timeTicks(start: number, end: number, count: number): TimeTick[] {
  const rough = (end - start) / Math.max(1, count);
  if (!(rough > 0)) return [];
  if (rough <= 12 * HOUR) return hourTicks(start, end, [1, 2, 3, 6, 12].find((hours) => hours * HOUR >= rough) ?? 12);
  if (rough <= 16 * DAY) return dayTicks(start, end, [1, 2, 4, 7, 14].find((days) => days * DAY >= rough * 0.9) ?? 14);
  return monthTicks(start, end, [1, 2, 3, 6, 12, 24, 60].find((months) => months * MONTH >= rough * 0.9) ?? 120);
}

function hourTicks(start: number, end: number, step: number): TimeTick[] {
  const date = new Date(start);
  date.setMinutes(0, 0, 0);
  date.setHours(Math.floor(date.getHours() / step) * step);
  return walk(
    date,
    start,
    end,
    () => date.setHours(date.getHours() + step),
    (time) => (new Date(time).getHours() === 0 ? dayOnly(time) : clock(time)),
  );
}

function dayTicks(start: number, end: number, step: number): TimeTick[] {
  const date = new Date(start);
  date.setHours(0, 0, 0, 0);
  // Weeks begin on Mondays, so that the rhythm of a week stands at the same place in every chart.
  if (step >= 7) date.setDate(date.getDate() - ((date.getDay() + 6) % 7));
  return walk(date, start, end, () => date.setDate(date.getDate() + step), dayOnly);
}

function monthTicks(start: number, end: number, step: number): TimeTick[] {
  const date = new Date(start);
  date.setHours(0, 0, 0, 0);
  date.setDate(1);
  date.setMonth(Math.floor(date.getMonth() / step) * step);
  return walk(
    date,
    start,
    end,
    () => date.setMonth(date.getMonth() + step),
    (time) => {
      const month = new Date(time).getMonth();
      return month === 0 ? String(new Date(time).getFullYear()) : MONTHS[month];
    },
  );
}

function walk(date: Date, start: number, end: number, next: () => unknown, text: (time: number) => string): TimeTick[] {
  const found: TimeTick[] = [];
  for (let steps = 0; date.getTime() <= end && steps < 500; steps += 1, next()) {
    const time = date.getTime();
    if (time >= start) found.push({ time, text: text(time) });
  }
  return found;
}
