/** The times of the device flow (RFC 8628 section 3.2), in milliseconds. */

/** How long a person has to type the code. */
export const DEVICE_MS = 10 * 60_000;

/** The shortest time between two polls. */
export const POLL_MS = 5000;
