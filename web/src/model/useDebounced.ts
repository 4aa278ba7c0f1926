import { useEffect, useState } from "react";

/** A value that follows once it has rested: arrow keys move at once, questions are asked when they stop. */
export function useDebounced<Value>(value: Value, milliseconds = 180): Value {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => {
      setRested(value);
    }, milliseconds);
    return () => {
      clearTimeout(timer);
    };
  }, [value, milliseconds]);
  // The first value is not worth waiting for.
  return rested ?? value;
}
