import { useState, type FormEvent, type RefObject } from "react";

type Props = {
  input: RefObject<HTMLInputElement | null>;
  who: string;
  busy: boolean;
  onSay: (comment: string) => void;
  onName: () => void;
};

/** A line for the timeline. M puts the keyboard here. */
export function CommentBox({ input, who, busy, onSay, onName }: Props) {
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === "" || busy) return;
    onSay(text.trim());
    setText("");
  };
  return (
    <form className="comment-box" onSubmit={submit}>
      <label className="field">
        <span className="hidden">Comment</span>
        <input
          ref={input}
          value={text}
          maxLength={2000}
          placeholder="Add a comment"
          onChange={(event) => {
            setText(event.target.value);
          }}
          onKeyDown={(event) => {
            if (event.key === "Escape") event.currentTarget.blur();
          }}
        />
        {text === "" ? (
          <kbd aria-hidden="true">M</kbd>
        ) : (
          <button type="submit" className="comment-send" disabled={busy}>
            Comment
          </button>
        )}
      </label>
      <p className="small quiet">
        {who === "" ? "Your name is asked first." : <>As {<bdi>{who}</bdi>}. </>}
        {who !== "" && (
          <button type="button" className="plain-link" onClick={onName}>
            Change
          </button>
        )}
      </p>
    </form>
  );
}
