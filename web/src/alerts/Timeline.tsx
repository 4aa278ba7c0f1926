import type { AlertDetail } from "../data/alerts";
import { at, clock, day } from "../format/time";

type Event = AlertDetail["events"][number];

/** What happened to the alert, the newest first, by day. */
export function Timeline({ alert }: { alert: AlertDetail }) {
  const days = byDay([...alert.events].sort((a, b) => at(b.at) - at(a.at)));
  return (
    <aside className="side-panel why-panel" aria-label="Timeline">
      <div className="side-scroll">
        <h2>Timeline</h2>
        {days.map(([name, events]) => (
          <section key={name} className="timeline-day">
            <h3 className="small quiet">{name}</h3>
            <ol>
              {events.map((event, index) => (
                <li key={index} className="timeline-event">
                  <time dateTime={event.at} className="small quiet">
                    {clock(at(event.at))}
                  </time>
                  <span
                    className={`timeline-dot is-${event.kind.toLowerCase().replaceAll(/[^a-z]+/g, "-")}`}
                    aria-hidden="true"
                  />
                  <div>
                    <p>{event.text || sentence(event.kind)}</p>
                    {event.by && <p className="small quiet">by {event.by}</p>}
                  </div>
                </li>
              ))}
            </ol>
          </section>
        ))}
      </div>
    </aside>
  );
}

function sentence(kind: string): string {
  const words = kind.toLowerCase().replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function byDay(events: readonly Event[]): [string, Event[]][] {
  const days = new Map<string, Event[]>();
  for (const event of events) days.set(day(at(event.at)), [...(days.get(day(at(event.at))) ?? []), event]);
  return [...days];
}
