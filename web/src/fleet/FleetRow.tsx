import { Sparkline } from "../charts/Sparkline";
import type { FleetModel } from "../data/fleet";
import { compact, exact, NOTHING, statistic } from "../format/number";
import { at, day, span, spanShort, utc } from "../format/time";
import { isRaised, levelClass, levelWord } from "../levels/level";
import { LevelMark } from "../levels/LevelMark";
import { LevelWord } from "../levels/LevelWord";
import { modelPath } from "../navigation/address";
import { goTo, withSearch } from "../navigation/location";
import { Link } from "../navigation/Link";
import { Name } from "../pieces/Name";

import { heldFor } from "./fleetView";
import { Raised } from "./Raised";

/** The scale of every drift sparkline, so that rows compare; a worse value stays at the top edge. */
const HIGHEST_PSI = 0.5;

/** One model. The whole row follows its link; the link alone takes the keyboard. */
export function FleetRow({ model, index }: { model: FleetModel; index: number }) {
  const to =
    modelPath(model.id) + withSearch("", { env: model.environment === "production" ? null : model.environment });
  const held = heldFor(model);
  const tone = isRaised(model.level) ? levelClass(model.level) : "";
  const worst = model.drift.at(-1);
  return (
    <tr
      className="fleet-row"
      data-index={index}
      aria-rowindex={index + 2}
      onClick={(event) => {
        if (!(event.target as Element).closest("a") && !event.defaultPrevented) goTo(to);
      }}
    >
      <td className="col-state">
        <LevelWord level={model.level} />
      </td>
      <td className="col-model">
        <LevelMark level={model.level} />
        <Link to={to} className="model-name">
          <Name name={model.id} limit={32} />
        </Link>{" "}
        <span className="model-version">
          <Name name={model.version} limit={14} />
          {model.environment !== "production" && (
            <>
              , <Name name={model.environment} limit={16} />
            </>
          )}
        </span>
      </td>
      <td className="col-raised">
        <span className={`phone-word ${levelClass(model.level)}`}>{levelWord(model.level)} · </span>
        <Raised model={model} />
      </td>
      <td className="col-for number" title={held === null ? undefined : span(held)}>
        {held === null ? <span className="quiet">{NOTHING}</span> : spanShort(held)}
      </td>
      <td className="col-traffic">
        <div className="with-spark">
          <Sparkline values={model.traffic} high={Math.max(...model.traffic, 1) * 1.3} area width={44} />
          <span className="number" title={`${exact(model.predictionsPerDay)} predictions a day`}>
            {compact(model.predictionsPerDay)}
            <span className="phone-unit"> a day</span>
          </span>
        </div>
      </td>
      <td
        className="col-drifted"
        title={worst === null || worst === undefined ? "not checked" : `worst feature: PSI ${statistic(worst)}`}
      >
        <div className="with-spark">
          <Sparkline values={model.drift} high={HIGHEST_PSI} tone={tone} width={52} />
          <span className="number">
            {model.drifted} <span className="quiet">/ {model.columns}</span>
            <span className="phone-unit"> drifted</span>
          </span>
        </div>
      </td>
      <td className="col-alerts number">
        {model.openAlerts > 0 ? exact(model.openAlerts) : <span className="quiet">{NOTHING}</span>}
      </td>
      <td className="col-event number" title={utc(at(model.now))}>
        {model.live ? <span className="quiet">live</span> : day(at(model.now))}
      </td>
    </tr>
  );
}
