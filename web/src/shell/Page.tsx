import { useEffect, type ReactNode } from "react";

import { plainName } from "../format/name";

import { TopBar, type Crumb } from "./TopBar";

type Props = { crumbs: Crumb[]; range?: ReactNode; footer?: ReactNode; side?: ReactNode; children: ReactNode };

/** One page: where one is, the content, at most one side panel, and the keys that work here. */
export function Page({ crumbs, range, footer, side, children }: Props) {
  const title = crumbs
    .map((crumb) => plainName(crumb.text))
    .reverse()
    .join(" · ");
  useEffect(() => {
    document.title = `${title} · modelwatch`;
  }, [title]);
  return (
    <div className="stage">
      <TopBar crumbs={crumbs} range={range} />
      <div className="page">
        <main id="main" className="page-scroll" tabIndex={-1}>
          {children}
        </main>
        {side}
      </div>
      {footer && <footer className="page-footer">{footer}</footer>}
    </div>
  );
}
