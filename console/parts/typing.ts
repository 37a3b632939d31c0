/** Whether a key belongs to a field, a dialog or the browser, and not to the page's shortcuts. */
export const isTyping = (event: KeyboardEvent): boolean => {
  const { target, altKey, ctrlKey, metaKey } = event;
  if (altKey || ctrlKey || metaKey || event.defaultPrevented) return true;
  if (document.querySelector('[role="dialog"]') !== null) return true;
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, [contenteditable="true"]') !== null
  );
};
