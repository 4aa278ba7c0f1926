/** For how long an alert can be silenced from the keyboard. Pure. */

const HOUR = 3_600_000;

export type SilenceChoice = { text: string; until: number };

/** An hour, four, until 9:00 tomorrow (a Friday's tomorrow is a Saturday: it is what was said), and a week. */
export function silenceChoices(now: number): SilenceChoice[] {
  const morning = new Date(now);
  morning.setDate(morning.getDate() + 1);
  morning.setHours(9, 0, 0, 0);
  const nextWeek = new Date(now);
  nextWeek.setDate(nextWeek.getDate() + 7);
  return [
    { text: "1 hour", until: now + HOUR },
    { text: "4 hours", until: now + 4 * HOUR },
    { text: "Until tomorrow 9:00", until: morning.getTime() },
    { text: "1 week", until: nextWeek.getTime() },
  ];
}

export function hoursUntil(until: number, now: number): number {
  return (until - now) / HOUR;
}
