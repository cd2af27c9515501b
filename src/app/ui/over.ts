// Where menus and hover cards are drawn: over the page, and yet within one of its landmarks, for people who go by these.
const id = 'over-page'

/** For the element that has them; it comes with the head of the page. */
export const overPage = { id }

/** That element; undefined where there is no head: then they stand at the end of the page. */
export const placeOverPage = (): HTMLElement | undefined => document.getElementById(id) ?? undefined
