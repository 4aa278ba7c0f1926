/** A key and what it does, in the footer. */
export function KeyHint({ keys, what }: { keys: string[]; what: string }) {
  return (
    <span className="key-hint">
      {keys.map((key) => (
        <kbd key={key}>{key}</kbd>
      ))}
      {what}
    </span>
  );
}
