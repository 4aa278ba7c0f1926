import { cutInTheMiddle, partsOfName, plainName } from "../format/name";

import "./name.css";

type Props = { name: string; limit?: number; mono?: boolean };

/** A name given by a user: isolated, marks spelt out, cut in the middle, in full on hover and to a screen reader. */
export function Name({ name, limit = 40, mono = false }: Props) {
  const className = mono ? "name mono" : "name";
  if (name === "") return <span className={`${className} name-empty`}>(empty name)</span>;
  const short = cutInTheMiddle(name, limit);
  const cut = short !== name;
  return (
    <bdi className={className} {...(cut ? { title: plainName(name), "aria-label": plainName(name) } : {})}>
      {partsOfName(short).map((part, index) =>
        part.kind === "mark" ? (
          <span className="name-mark" key={index}>
            {part.text}
          </span>
        ) : (
          <span key={index}>{part.text}</span>
        ),
      )}
    </bdi>
  );
}
