import { useLayoutEffect, useState, type RefObject } from "react";

/** The inner size of an element, kept up to date; a guess until it is measured. */
export function useSize(ref: RefObject<HTMLElement | null>, guess = { width: 640, height: 480 }) {
  const [size, setSize] = useState(guess);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element || typeof ResizeObserver === "undefined") return;
    const measure = () => {
      if (element.clientWidth > 0) setSize({ width: element.clientWidth, height: element.clientHeight });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      observer.disconnect();
    };
  }, [ref]);
  return size;
}
