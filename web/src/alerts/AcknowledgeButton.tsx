import { useAlertAction } from "../data/alerts";

/** Says that somebody has seen it; repeats stop. */
export function AcknowledgeButton({ id }: { id: string }) {
  const action = useAlertAction();
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={action.isPending}
        onClick={() => {
          action.mutate({ do: "acknowledge", id, comment: "" });
        }}
      >
        Acknowledge
      </button>
      {action.isError && (
        <span role="alert" className="small">
          {" "}
          {action.error.message}
        </span>
      )}
    </>
  );
}
