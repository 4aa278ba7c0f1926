import { describe, expect, it } from "vitest";

import { changeable, doneText, unchanged } from "./decision";
import { inboxSearch, isNarrowed, readInbox } from "./inboxView";
import { inboxSentence } from "./sentence";
import { hoursUntil, silenceChoices } from "./silence";
import { byUrgency } from "./status";
import { byDay, markOf, partsOf } from "./timelineWords";

const NOW = Date.UTC(2026, 10, 27, 22, 30);
const none = { firing: 0, pending: 0, acknowledged: 0, silenced: 0, resolved: 3 };
const newest = { openedAt: new Date(NOW - 12 * 60_000).toISOString(), historic: false };

describe("the inbox's sentence", () => {
  it.each([
    [{ ...none, firing: 4 }, 1, "4 alerts are firing, 1 critical; newest 12\u2009min ago"],
    [{ ...none, firing: 1 }, 1, "1 alert is firing, critical; newest 12\u2009min ago"],
    [{ ...none, firing: 2 }, 2, "2 alerts are firing, all critical; newest 12\u2009min ago"],
    [{ ...none, firing: 2 }, 0, "2 alerts are firing, none critical; newest 12\u2009min ago"],
    [{ ...none, acknowledged: 2, silenced: 1 }, 0, "Nothing new is firing; 2 acknowledged, 1 silenced"],
    [none, 0, "Nothing is firing"],
  ])("%j", (counts, critical, text) => {
    expect(inboxSentence(counts, critical, newest, NOW)).toBe(text);
  });

  it("gives replayed alerts their own day", () => {
    const old = { openedAt: "2013-12-02T06:40:00Z", historic: true };
    expect(inboxSentence({ ...none, firing: 1 }, 0, old, NOW)).toBe(
      "1 alert is firing, none critical; newest from 2 Dec 2013",
    );
  });
});

it("offers an hour, four, tomorrow 9:00 and a week, across midnight and month", () => {
  const hours = silenceChoices(NOW).map((choice) => hoursUntil(choice.until, NOW));
  expect(hours).toEqual([1, 4, 10.5, 168]);
});

describe("the inbox in the address", () => {
  it("ignores what it does not know, and keeps its own part alone", () => {
    const view = readInbox(new URLSearchParams("status=never&level=critical,ok&silence=1"));
    expect(view.shelf).toBe("open");
    expect(view.levels).toEqual(["CRITICAL"]);
    expect(isNarrowed(view)).toBe(true);
    expect(isNarrowed(readInbox(new URLSearchParams("status=silenced")))).toBe(false);
    expect(inboxSearch(new URLSearchParams("silence=1&status=firing&q=a"))).toBe("?status=firing&q=a");
  });
});

describe("decisions", () => {
  const target = { id: "1", title: "a", assignedTo: "", status: "FIRING" as const, verbs: ["ACKNOWLEDGE" as const] };
  it("reach only what they fit", () => {
    expect(changeable("ACKNOWLEDGE", [target, { ...target, status: "ACKNOWLEDGED" }])).toEqual([target]);
    expect(changeable("SILENCE", [target])).toEqual([]);
    expect(unchanged([{ ...target, status: "RESOLVED" }])).toBe("This alert is resolved already.");
    expect(doneText("SILENCE", 2, 1)).toBe("Silenced 2 alerts; 1 alert could not be changed");
  });

  it("leave the order by status, level and time", () => {
    const at = (hour: number) => new Date(NOW + hour * 3_600_000).toISOString();
    const order = [
      { id: "seen", status: "ACKNOWLEDGED" as const, level: "CRITICAL" as const, openedAt: at(5) },
      { id: "old", status: "FIRING" as const, level: "WARNING" as const, openedAt: at(1) },
      { id: "new", status: "FIRING" as const, level: "WARNING" as const, openedAt: at(2) },
      { id: "bad", status: "FIRING" as const, level: "CRITICAL" as const, openedAt: at(0) },
    ].sort(byUrgency);
    expect(order.map((each) => each.id)).toEqual(["bad", "new", "old", "seen"]);
  });
});

describe("the timeline", () => {
  const event = (kind: string, text: string, by = "", at = "2026-11-27T10:00:00Z") => ({ kind, text, by, at });
  it("marks levels by their shapes, people, and what was not sent", () => {
    expect(markOf(event("level", "Critical before, now warning"))).toEqual({ kind: "level", level: "WARNING" });
    expect(markOf(event("firing", "Firing: critical; a"))).toEqual({ kind: "level", level: "CRITICAL" });
    expect(markOf(event("acknowledged", "Acknowledged", "on-call")).kind).toBe("person");
    expect(markOf(event("not_sent", "Not sent: told already")).kind).toBe("held");
    expect(markOf(event("no_data", ""))).toEqual({ kind: "level", level: "NO_DATA" });
  });

  it("puts reasons and quotations below", () => {
    expect(partsOf(event("silenced", "Silenced for 4 h: “Sale; until Monday”"))).toEqual({
      title: "Silenced for 4 h",
      detail: "“Sale; until Monday”",
    });
    expect(partsOf(event("comment", "a; b"))).toEqual({ title: "Comment", detail: "“a; b”" });
    expect(partsOf(event("check_failed", ""))).toEqual({ title: "Check failed", detail: "" });
  });

  it("goes by day, the newest first, and keeps the order of one moment", () => {
    const days = byDay([event("firing", "b"), event("sent", "c"), event("resolved", "d", "", "2026-11-28T01:00:00Z")]);
    expect(days.map(([name, events]) => [name, events.map((each) => each.text)])).toEqual([
      ["28 Nov", ["d"]],
      ["27 Nov", ["b", "c"]],
    ]);
  });
});
