/** What stands where something is still loading. It comes after 150 ms, so that what is quick does not flicker. */
import { Skeleton } from "@mantine/core";
import { useEffect, useState, type ReactElement } from "react";

const AFTER = 150;

/** @param rows - how many lines of it to draw. */
export const Waiting = ({ rows = 5 }: { readonly rows?: number }): ReactElement => {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setIsLate(true);
    }, AFTER);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  return (
    <div aria-busy="true" data-loading>
      {isLate &&
        Array.from({ length: rows }, (_, at) => (
          <Skeleton key={at} height={20} mb={16} width={at % 2 === 0 ? "100%" : "85%"} />
        ))}
    </div>
  );
};
