import type { SystemQuery } from "../graphql/graphql";
import { compact, counted, exact } from "../format/number";
import { spanShort } from "../format/time";
import { Icon } from "../pieces/Icon";

type Props = { system: SystemQuery["system"] | undefined; failed: boolean };

/** What the server does right now: throughput, how far the fold is behind, and whether rows were set aside. */
export function SystemNumbers({ system, failed }: Props) {
  return (
    <section className="system" aria-label="System">
      <h2 className="system-title">
        <Icon name="system" />
        System
      </h2>
      <p className="system-lines">{failed && !system ? "does not answer" : system ? lines(system) : "\u2009"}</p>
    </section>
  );
}

function lines(system: SystemQuery["system"]) {
  if (system.accepted === 0) {
    return (
      <>
        Listening on :{new URL(system.url).port}
        <br />0 predictions
      </>
    );
  }
  return (
    <>
      {compact(system.predictionsPerSecond)} predictions/s
      <br />
      <span title={`${exact(system.lagBytes)} bytes behind the log`}>lag {lag(system.lagSeconds)}</span>,{" "}
      <span
        title={`${counted(system.accepted, "row")} accepted, ${exact(system.duplicates)} duplicate, ${exact(system.rejected)} rejected`}
      >
        {system.quarantined > 0 ? `${compact(system.quarantined)} set aside` : "none lost"}
      </span>
    </>
  );
}

function lag(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)}\u2009s` : spanShort(seconds * 1000);
}
