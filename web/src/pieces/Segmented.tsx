type Props<Choice extends string> = {
  label: string;
  choices: readonly { value: Choice; text: string; title?: string }[];
  value: Choice;
  onChange: (value: Choice) => void;
};

/** A few exclusive choices in one frame. */
export function Segmented<Choice extends string>({ label, choices, value, onChange }: Props<Choice>) {
  return (
    <div className="segmented" role="group" aria-label={label}>
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          aria-pressed={choice.value === value}
          title={choice.title}
          onClick={() => {
            onChange(choice.value);
          }}
        >
          {choice.text}
        </button>
      ))}
    </div>
  );
}
