import { useEffect } from "react";

import { useFiring } from "../data/alerts";
import { useFleetNames } from "../data/fleet";
import { useSystem } from "../data/system";
import { exact } from "../format/number";
import { LevelMark } from "../levels/LevelMark";
import { Link } from "../navigation/Link";
import { usePlace } from "../navigation/location";
import { Icon } from "../pieces/Icon";

import { Brand } from "./Brand";
import { SystemNumbers } from "./SystemNumbers";

const MANAGED = [
  { page: "rules", text: "Rules", icon: "rules" },
  { page: "channels", text: "Channels", icon: "channel" },
  { page: "silences", text: "Silences", icon: "silence" },
  { page: "actions", text: "Actions", icon: "action" },
] as const;

type Props = { isOpen: boolean; onClose: () => void };

/** The ways to the pages that exist, and the numbers of the system itself. A menu on narrow screens. */
export function Sidebar({ isOpen, onClose }: Props) {
  const place = usePlace();
  const models = useFleetNames().data?.models;
  const system = useSystem();
  const alerts = useFiring().data;
  const firing = alerts?.firing ?? 0;
  const worst = (alerts?.critical ?? 0) > 0 ? "CRITICAL" : "WARNING";
  useEffect(onClose, [place]); // eslint-disable-line react-hooks/exhaustive-deps -- following a link closes the menu
  return (
    <>
      {isOpen && <button type="button" className="menu-shade" aria-label="Close the menu" onClick={onClose} />}
      <nav className={isOpen ? "sidebar is-open" : "sidebar"} aria-label="Pages">
        <Link to="/" className="brand">
          <Brand />
          modelwatch
        </Link>
        <Link
          to="/"
          className="side-link"
          aria-current={
            place.page === "fleet" || place.page === "model" || place.page === "feature" ? "page" : undefined
          }
        >
          <Icon name="fleet" />
          <span>Fleet</span>
          {models && models.length > 0 && <span className="side-count">{exact(models.length)}</span>}
        </Link>
        <Link
          to="/alerts"
          className="side-link"
          aria-current={place.page === "alerts" || place.page === "alert" ? "page" : undefined}
        >
          <Icon name="bell" />
          <span>Alerts</span>
          {firing > 0 && (
            <span className={worst === "CRITICAL" ? "side-count side-critical" : "side-count side-warning"}>
              <LevelMark level={worst} />
              {exact(firing)}
              <span className="hidden"> firing{worst === "CRITICAL" ? ", some critical" : ""}</span>
            </span>
          )}
        </Link>
        <h2 className="side-heading">Manage</h2>
        {MANAGED.map(({ page, text, icon }) => (
          <Link
            key={page}
            to={`/${page}`}
            className="side-link"
            aria-current={place.page === page ? "page" : undefined}
          >
            <Icon name={icon} />
            <span>{text}</span>
          </Link>
        ))}
        <SystemNumbers system={system.data?.system} failed={system.isError} />
      </nav>
    </>
  );
}
