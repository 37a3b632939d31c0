/** Whether somebody is at the tab: nobody is, once five minutes pass without a key or a pointer. */

const IDLE = 5 * 60_000;

let activeAt = Date.now();
const note = (): void => {
  activeAt = Date.now();
};
for (const event of ["pointermove", "pointerdown", "keydown", "scroll"])
  window.addEventListener(event, note, { passive: true, capture: true });

/** How long to wait for the next look, in ms: four times as long while nobody is there. */
export const pace = (every: number): number => (Date.now() - activeAt > IDLE ? every * 4 : every);
