/** Up to when the record is sealed, and whether the sealing keeps up. */
import type { ReactElement } from "react";
import { useRun } from "../../api/useRun";
import { useNow } from "../../parts/clock";
import { Status } from "../../parts/Status";
import { Time } from "../../parts/Time";

const EVERY = 60_000;

/** The sweep seals every few minutes. Rows that wait longer than this wait because nothing seals them. */
const LATE = 15 * 60_000;

export const SealState = (): ReactElement | null => {
  const { data } = useRun("admin:auditHead", {}, { every: EVERY });
  const now = useNow();
  if (data === undefined) return null;
  const { sealedTo, waiting } = data;
  const isLate = waiting.since !== undefined && now - Date.parse(waiting.since) > LATE;
  return (
    <span>
      {isLate ? (
        <>
          <Status of="pending" word="Not sealed" /> since <Time at={waiting.since} as="clock" />
        </>
      ) : (
        <>
          Sealed up to <Time at={sealedTo} as="clock" absent="nothing yet" />
        </>
      )}
    </span>
  );
};
