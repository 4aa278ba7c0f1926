import { clock, at, utc } from "../format/time";
import { unbroken } from "../format/prose";
import { LevelMark } from "../levels/LevelMark";
import { Name } from "../pieces/Name";

import { byDay, markOf, partsOf, type Event, type Mark } from "./timelineWords";

/** What happened to the alert, the newest first, by day; with who did it, and why something was not sent. */
export function Timeline({ events }: { events: readonly Event[] }) {
  return (
    <section className="timeline" aria-label="Timeline">
      <h2>Timeline</h2>
      {events.length === 0 && <p className="quiet small">Nothing has happened to it yet.</p>}
      {byDay(events).map(([name, lines]) => (
        <section key={name} className="timeline-day">
          <h3 className="small quiet">{name}</h3>
          <ol>
            {lines.map((event, index) => (
              <Line key={`${event.at} ${event.kind} ${String(index)}`} event={event} />
            ))}
          </ol>
        </section>
      ))}
    </section>
  );
}

function Line({ event }: { event: Event }) {
  const { title, detail } = partsOf(event);
  return (
    <li className="timeline-event">
      <time dateTime={event.at} title={utc(at(event.at))} className="small quiet">
        {clock(at(event.at))}
      </time>
      <span className="timeline-mark">
        <Shape mark={markOf(event)} />
      </span>
      <div>
        <p className="timeline-title">
          {unbroken(title)}
          {event.by !== "" && (
            <span className="timeline-by">
              {" by "}
              <Name name={event.by} limit={24} />
            </span>
          )}
        </p>
        {detail !== "" && <p className="small quiet">{unbroken(detail)}</p>}
      </div>
    </li>
  );
}

/** Levels keep their shapes; people are filled dots, messages rings, struck when they were not sent. */
function Shape({ mark }: { mark: Mark }) {
  if (mark.kind === "level") return <LevelMark level={mark.level} />;
  return (
    <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true" className={`timeline-shape is-${mark.kind}`}>
      {mark.kind === "person" && <circle cx="6" cy="6" r="4" fill="currentColor" />}
      {mark.kind === "plain" && <circle cx="6" cy="6" r="3" fill="currentColor" />}
      {(mark.kind === "sent" || mark.kind === "held") && (
        <circle cx="6" cy="6" r="3.4" fill="none" stroke="currentColor" strokeWidth="1.5" />
      )}
      {mark.kind === "held" && <path d="M2 10l8-8" stroke="currentColor" strokeWidth="1.5" />}
    </svg>
  );
}
