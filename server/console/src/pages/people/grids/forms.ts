/** What a drag on the map of shops does: draws a line or a rectangle around some, or moves the map. */
export const FORMS = ['lasso', 'box', 'hand'] as const
export type Form = (typeof FORMS)[number]
