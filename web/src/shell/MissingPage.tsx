import { Link } from "../navigation/Link";
import { Notice } from "../pieces/Notice";

import { Page } from "./Page";

/** For addresses that lead nowhere. */
export function MissingPage({ what = "There is no page at this address" }: { what?: string }) {
  return (
    <Page crumbs={[{ text: "Fleet", to: "/" }, { text: "Not found" }]}>
      <Notice
        heading="h1"
        title={what}
        action={
          <Link to="/" className="button">
            Go to the fleet
          </Link>
        }
      >
        <p>
          Nothing is at <code>{decoded(window.location.pathname)}</code>. Press Ctrl K to find a model by its name.
        </p>
      </Notice>
    </Page>
  );
}

function decoded(path: string): string {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}
