import { useState } from "react";

import type { Attribute } from "../data/fairness";
import type { Bounds, ModelKey } from "../data/model";
import { plainName } from "../format/name";
import { counted } from "../format/number";
import { isRaised } from "../levels/level";
import { LevelWord } from "../levels/LevelWord";
import { Name } from "../pieces/Name";

import { Findings } from "./Findings";
import { GroupTable } from "./GroupTable";
import { OverTime } from "./OverTime";
import { Spreads } from "./Spreads";
import { shortLabel } from "./words";

type Props = { attribute: Attribute; modelKey: ModelKey; bounds: Bounds };

/** One attribute: what is said of its groups, their figures, and their course. */
export function AttributeSection({ attribute, modelKey, bounds }: Props) {
  return (
    <section className="attribute" aria-label={`By ${plainName(attribute.name)}`}>
      <header className="attribute-head">
        <h2>
          By <Name name={attribute.name} limit={40} />
        </h2>
        {attribute.level && <LevelWord level={attribute.level} />}
        <Against attribute={attribute} />
      </header>
      <Inside attribute={attribute} modelKey={modelKey} bounds={bounds} />
    </section>
  );
}

/** Groups that several attributes have in common: closed unless a rule is broken, for there are many. */
export function IntersectionSection({ attribute, modelKey, bounds }: Props) {
  const raised = attribute.level !== null && isRaised(attribute.level);
  const [open, setOpen] = useState(raised);
  return (
    <details
      className="attribute is-crossed"
      open={raised}
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary className="attribute-head">
        <h3>
          <Name name={attribute.name} limit={60} />
        </h3>
        {attribute.level && <LevelWord level={attribute.level} />}
        <Against attribute={attribute} />
      </summary>
      {open && <Inside attribute={attribute} modelKey={modelKey} bounds={bounds} />}
    </details>
  );
}

function Against({ attribute }: { attribute: Attribute }) {
  return (
    <span className="second small">
      {counted(attribute.groups.length, "group")}
      {attribute.against !== null && (
        <>
          , each held against <Name name={shortLabel(attribute.against, attribute.name)} limit={40} />
        </>
      )}
    </span>
  );
}

function Inside({ attribute, modelKey, bounds }: Props) {
  return (
    <>
      <GroupTable attribute={attribute} />
      <Findings attribute={attribute} />
      <OverTime attribute={attribute} modelKey={modelKey} bounds={bounds} />
      <Spreads attribute={attribute} />
    </>
  );
}
