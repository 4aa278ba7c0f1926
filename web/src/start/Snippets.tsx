import { useRef, useState } from "react";

import { Icon } from "../pieces/Icon";
import { Tabs } from "../pieces/Tabs";
import { useKeys } from "../pieces/useKeys";

import { SNIPPETS, snippetText, tokensOf, type SnippetName } from "./snippetTexts";

/** The lines to paste in three forms, with a button that copies them. */
export function Snippets({ url, keyRequired }: { url: string; keyRequired: boolean }) {
  const [name, setName] = useState<SnippetName>("python");
  const [copied, setCopied] = useState(false);
  const code = useRef<HTMLElement>(null);
  const text = snippetText(name, url, keyRequired);
  const copy = () => {
    // Browsers give the clipboard to secure addresses only; elsewhere the lines are selected, ready for Ctrl C.
    if (!("clipboard" in navigator)) {
      if (code.current) window.getSelection()?.selectAllChildren(code.current);
      return;
    }
    void navigator.clipboard.writeText(text).then(() => {
      setCopied(true);
      setTimeout(() => {
        setCopied(false);
      }, 2000);
    });
  };
  useKeys({ c: copy });
  return (
    <>
      <Tabs
        label="Ways to send"
        tabs={SNIPPETS.map((each) => ({ value: each.name, text: each.title }))}
        value={name}
        onChange={setName}
      />
      <div className="snippet">
        <button type="button" className="button snippet-copy" onClick={copy}>
          <Icon name={copied ? "check" : "copy"} />
          <span aria-live="polite">{copied ? "Copied" : "Copy"}</span> <kbd>C</kbd>
        </button>
        <pre>
          <code ref={code}>
            {text.split("\n").map((line, index) => (
              <span key={index} className="snippet-line">
                {tokensOf(line).map((token, place) => (
                  <span key={place} className={`token-${token.kind}`}>
                    {token.text}
                  </span>
                ))}
                {"\n"}
              </span>
            ))}
          </code>
        </pre>
      </div>
    </>
  );
}
