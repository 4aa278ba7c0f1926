import { Failure } from "../data/ask";

/** What the server refused, with what would be taken; '' when nothing was. */
export function saidOf(error: Error | null): string {
  if (!error) return "";
  if (error instanceof Failure && error.hint) return `${ended(error.message)} ${ended(capital(error.hint))}`;
  return ended(capital(error.message));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
