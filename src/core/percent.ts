/** A share of 0 to 1 as a whole percentage. */
export const percent = (share: number): string => `${Math.round(100 * share)} %`
