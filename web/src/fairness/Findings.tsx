import { DataTable } from "../charts/DataTable";
import type { Attribute, Disparity } from "../data/fairness";
import { plainName } from "../format/name";
import { NOTHING, probability, signed, statistic } from "../format/number";
import { unbroken } from "../format/prose";
import { levelWord } from "../levels/level";
import { LevelMark } from "../levels/LevelMark";
import { Name } from "../pieces/Name";

import { findings } from "./words";

const SHOWN = 3;

/** What is said of the groups, the worst first, in the server's words; all comparisons as a table below. */
export function Findings({ attribute }: { attribute: Attribute }) {
  const found = findings(attribute.disparities);
  return (
    <div className="fair-findings">
      {found.length > 0 && (
        <ul>
          {found.slice(0, SHOWN).map((each) => (
            <li key={`${each.metric} ${each.groupKey}`}>
              <LevelMark level={each.level ?? "OK"} named />
              <p>
                <b>{each.title}.</b> {each.stood && <span className="stood">Stood already in the reference</span>}{" "}
                <Name name={unbroken(each.text)} limit={10_000} />
              </p>
            </li>
          ))}
        </ul>
      )}
      {attribute.disparities.length > 0 && (
        <DataTable
          label={`All comparisons by ${plainName(attribute.name)}`}
          open={
            found.length > SHOWN
              ? `All ${String(attribute.disparities.length)} comparisons, ${String(found.length - SHOWN)} more of them stand out`
              : "All comparisons"
          }
          heads={["Group", "Metric", "State", "Value", "95\u2009% interval", "In the reference", "p, adjusted", "Rows"]}
          rows={() => attribute.disparities.map(row)}
        />
      )}
    </div>
  );
}

function row(each: Disparity): React.ReactNode[] {
  const write = (value: number | null) =>
    value === null ? NOTHING : each.kind === "difference" ? `${signed(value * 100)} points` : statistic(value);
  return [
    plainName(each.group),
    each.title,
    each.level === null ? "Shown only" : levelWord(each.level),
    write(each.value),
    each.low === null ? NOTHING : `${write(each.low)} to ${write(each.high)}`,
    each.before === null ? NOTHING : write(each.before) + (each.stood ? ", broken" : ""),
    each.pValue === null ? NOTHING : probability(each.pValue),
    each.rows === null ? NOTHING : each.rows.toLocaleString("en-US"),
  ];
}
