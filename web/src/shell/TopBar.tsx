import { Fragment, type ReactNode } from "react";

import { Link } from "../navigation/Link";
import { Icon } from "../pieces/Icon";
import { Name } from "../pieces/Name";

import { LiveSwitch } from "./LiveSwitch";
import { useShell } from "./shellContext";
import { ThemeSwitch } from "./ThemeSwitch";

export type Crumb = { text: string; to?: string };

/** Where one is, the search, the stretch of time, whether it is live, and the theme. */
export function TopBar({ crumbs, range }: { crumbs: Crumb[]; range?: ReactNode }) {
  const { open } = useShell();
  return (
    <header className="top-bar">
      <button
        type="button"
        className="button bare icon only-narrow"
        aria-label="Menu"
        onClick={() => {
          open("menu");
        }}
      >
        <Icon name="menu" />
      </button>
      <nav className="crumbs" aria-label="Where you are">
        {crumbs.map((crumb, index) => (
          <Fragment key={index}>
            {index > 0 && (
              <span className="crumb-slash" aria-hidden="true">
                /
              </span>
            )}
            {crumb.to !== undefined && index < crumbs.length - 1 ? (
              <Link to={crumb.to} className="crumb">
                <Name name={crumb.text} limit={32} />
              </Link>
            ) : (
              <span className="crumb crumb-here" aria-current="page">
                <Name name={crumb.text} limit={36} />
              </span>
            )}
          </Fragment>
        ))}
      </nav>
      <button
        type="button"
        className="search-opener"
        aria-label="Find model or feature"
        aria-keyshortcuts="Control+K"
        onClick={() => {
          open("search");
        }}
      >
        <Icon name="search" />
        <span className="search-opener-text">Find model or feature</span>
        <kbd>Ctrl K</kbd>
      </button>
      {range}
      <LiveSwitch />
      <ThemeSwitch />
    </header>
  );
}
