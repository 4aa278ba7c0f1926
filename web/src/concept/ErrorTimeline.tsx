import { useId, useMemo, useRef } from "react";

import { DataTable } from "../charts/DataTable";
import { linear, ticks as roundTicks } from "../charts/scale";
import { timeTicks } from "../charts/timeTicks";
import type { ConceptDrift } from "../data/concept";
import type { ModelDetail } from "../data/model";
import { at, day, moment, span } from "../format/time";
import { levelClass } from "../levels/level";
import { useSize } from "../pieces/useSize";

import { stepsOf, stretchOf } from "./steps";
import { errorText, errorWord } from "./words";

type Props = { concept: ConceptDrift; model: ModelDetail };

const HEIGHT = 148;
const FLOOR = HEIGHT - 20;
const LEFT = 44;

/** The mean error of each concept as a step line. From when a change happened to when it was certain is shaded. */
export function ErrorTimeline({ concept, model }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const name = useId();
  const { width } = useSize(frame, { width: 860, height: HEIGHT });
  const now = at(model.now);
  const firstEvent = model.versions.find((each) => each.version === model.version)?.firstEvent ?? model.firstEvent;
  const { from, until } = useMemo(
    () => stretchOf(concept.findings, firstEvent ? at(firstEvent) : null, now),
    [concept.findings, firstEvent, now],
  );
  const steps = useMemo(
    () => stepsOf(concept.findings, concept.error, from, until),
    [concept.findings, concept.error, from, until],
  );
  if (steps.length === 0) return null;
  const x = linear(from, until, LEFT, width - 8);
  const high = Math.max(...steps.map((step) => step.error), 1e-9) * 1.2;
  const y = linear(0, high, FLOOR, 14);
  const path = steps
    .map(
      (step, index) =>
        `${index === 0 ? "M" : "L"}${x(step.from).toFixed(1)} ${y(step.error).toFixed(1)}H${x(step.until).toFixed(1)}`,
    )
    .join("");
  const word = errorWord(concept.metric);
  return (
    <section className="feature-section" aria-labelledby={name}>
      <div className="section-head">
        <h2 id={name}>{word} over time</h2>
        <span className="quiet small">
          mean of each stretch between changes; shaded: from the change until it was certain
        </span>
      </div>
      <div ref={frame}>
        <svg
          width={width}
          height={HEIGHT}
          role="img"
          aria-label={`${word} from ${day(from)} to ${day(until)}: ${steps.map((step) => errorText(concept.metric, step.error)).join(", then ")}`}
        >
          {roundTicks(0, high, 3).map((tick) => (
            <g key={tick}>
              <path d={`M${String(LEFT)} ${y(tick).toFixed(1)}H${String(width - 8)}`} stroke="var(--c-grid)" />
              <text className="axis-text" x={LEFT - 6} y={y(tick) + 4} textAnchor="end">
                {errorText(concept.metric, tick).replace(/\.0(?=\u2009)/, "")}
              </text>
            </g>
          ))}
          {timeTicks(from, until, Math.max(2, Math.floor(width / 120))).map((tick) => (
            <text
              key={tick.time}
              className="axis-text"
              x={x(tick.time)}
              y={HEIGHT - 4}
              textAnchor={x(tick.time) > width - 24 ? "end" : "middle"}
            >
              {tick.text}
            </text>
          ))}
          {concept.findings.map((finding) => (
            <g key={finding.label} className={levelClass(finding.level)}>
              <rect
                x={x(at(finding.since))}
                width={Math.max(2, x(at(finding.at)) - x(at(finding.since)))}
                y="2"
                height={FLOOR - 2}
                className="concept-delay"
              />
              <path d={`M${x(at(finding.since)).toFixed(1)} 2V${String(FLOOR)}`} className="concept-since" />
            </g>
          ))}
          <path d={path} className="realized-line concept-line" />
          {steps.map((step, index) =>
            x(step.until) - x(step.from) > 44 ? (
              <text
                key={index}
                className="axis-text is-ink halo"
                x={(x(step.from) + x(step.until)) / 2}
                y={y(step.error) - 6}
                textAnchor="middle"
              >
                {errorText(concept.metric, step.error)}
              </text>
            ) : null,
          )}
          <path d={`M${String(LEFT)} ${String(FLOOR + 0.5)}H${String(width - 8)}`} stroke="var(--line-strong)" />
        </svg>
      </div>
      <DataTable
        label={`${word} of each stretch`}
        heads={["From", "Until", "For", word]}
        rows={() =>
          steps.map((step) => [
            moment(step.from),
            moment(step.until),
            span(step.until - step.from),
            errorText(concept.metric, step.error),
          ])
        }
      />
    </section>
  );
}
