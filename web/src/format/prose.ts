/** The text with a capital first letter. */
export function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Inside a sentence a number and its percent sign stay on one line; tables keep the wider thin space. */
export function unbroken(text: string): string {
  return text.replace(/(\d)[ \u2009]%/g, "$1\u202f%");
}
