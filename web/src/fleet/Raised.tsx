import { Fragment } from "react";

import type { FleetModel } from "../data/fleet";
import { metricValue, metricWord, isRate } from "../model/metric";
import { Name } from "../pieces/Name";

/** What is raised, worst first: `wind_gust PSI 0.41, temp PSI 0.17`; else the reason in the server's words. */
export function Raised({ model }: { model: Pick<FleetModel, "raised" | "reason" | "level"> }) {
  if (model.raised.length === 0) return <>{model.level === "OK" ? "" : model.reason}</>;
  return (
    <>
      {model.raised.map((each, index) => (
        <Fragment key={`${each.role} ${each.column} ${each.metric}`}>
          {index > 0 && ", "}
          <b className="raised-name">
            <Name name={each.column} limit={28} />
          </b>{" "}
          {isRate(each.metric) ? metricWord(each.metric).toLowerCase() : each.metric}{" "}
          {metricValue(each.metric, each.value)}
        </Fragment>
      ))}
    </>
  );
}
