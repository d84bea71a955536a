/** Every Windows guest of a lab knows its own user and Administrator by this password. */
export const GUEST_PASSWORD = 'lab-only'
