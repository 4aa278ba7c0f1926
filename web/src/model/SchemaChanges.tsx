import type { ModelDetail } from "../data/model";
import { at, moment } from "../format/time";
import { Name } from "../pieces/Name";

/** Columns that came, went or changed type after the schema was frozen. */
export function SchemaChanges({ changes }: { changes: ModelDetail["schemaChanges"] }) {
  return (
    <table className="plain-table">
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Version</th>
          <th scope="col">Column</th>
          <th scope="col">Role</th>
          <th scope="col">Change</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change, index) => (
          <tr key={index}>
            <td>{moment(at(change.at))}</td>
            <td>
              <Name name={change.version} limit={16} />
            </td>
            <td>
              <b>
                <Name name={change.column} limit={36} />
              </b>
            </td>
            <td className="quiet">{change.role.toLowerCase().replaceAll("_", " ")}</td>
            <td>{change.change.toLowerCase().replaceAll("_", " ")}</td>
            <td className="quiet">{change.before || "–"}</td>
            <td className="quiet">{change.after || "–"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
