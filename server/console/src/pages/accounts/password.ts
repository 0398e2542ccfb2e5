/** A first password that can be read out and typed: no signs that look alike. */
const SIGNS = 'abcdefghjkmnpqrstuvwxyz23456789'
const GROUPS = 4
const EACH = 4

/** About 79 bits, in groups. */
export function firstPassword(random: (into: Uint8Array<ArrayBuffer>) => Uint8Array = (into) => crypto.getRandomValues(into)): string {
  const signs: string[] = []
  // Bytes past the last whole round are left out, so that each sign is as likely as any other.
  const fair = 256 - (256 % SIGNS.length)
  while (signs.length < GROUPS * EACH) {
    for (const byte of random(new Uint8Array(GROUPS * EACH))) if (byte < fair) signs.push(SIGNS.charAt(byte % SIGNS.length))
  }
  return Array.from({ length: GROUPS }, (_, at) => signs.slice(at * EACH, (at + 1) * EACH).join('')).join('-')
}
