import { Skeleton } from "../pieces/Skeleton";

const WIDTHS = [132, 96, 148, 120, 84, 140, 110, 124, 92, 136, 104, 128];

/** Rows of the same height as real ones, so that nothing shifts when they come. */
export function FleetSkeleton() {
  return WIDTHS.map((width, index) => (
    <tr key={index} className="fleet-row is-loading" aria-hidden="true">
      <td className="col-state">
        <Skeleton width={64} />
      </td>
      <td className="col-model">
        <Skeleton width={width} />
      </td>
      <td className="col-raised">
        <Skeleton width={width + 60} />
      </td>
      <td className="col-for" />
      <td className="col-traffic">
        <Skeleton width={88} />
      </td>
      <td className="col-drifted">
        <Skeleton width={96} />
      </td>
      <td className="col-alerts" />
      <td className="col-event" />
    </tr>
  ));
}
