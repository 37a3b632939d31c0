/** Where letters are written, or choose: a switch and a choice of buttons take none. */
const FIELDS =
  'input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable="true"]';

/** Whether a key belongs to a field, a dialog or the browser, and not to the page's shortcuts. */
export const isTyping = (event: KeyboardEvent): boolean => {
  const { target, altKey, ctrlKey, metaKey } = event;
  if (altKey || ctrlKey || metaKey || event.defaultPrevented) return true;
  if (document.querySelector('[role="dialog"]') !== null) return true;
  return target instanceof Element && target.closest(FIELDS) !== null;
};
