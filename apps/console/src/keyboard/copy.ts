/** What keys do that more than one page has. */
export const keyboardCopy = {
  here: 'This page',
  nextRow: 'Next row',
  previousRow: 'Previous row',
  rowActions: 'What can be done with the row',
  select: 'Select the row',
  selectRange: 'Select up to the row',
} as const;
