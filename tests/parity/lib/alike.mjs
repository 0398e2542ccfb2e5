// What two phones were answered, without what must differ: ids, hashes and keys that each made, and
// times, which are those of its own run.

/** Two runs on copies of one street give the same lists of these. */
export function alike(answers) {
  const names = new Map()
  const name = (id) => {
    if (!names.has(id)) names.set(id, `id ${names.size + 1}`)
    return names.get(id)
  }
  return answers.map(({ where, answer }) => ({ where, answer: told(answer, '', name) }))
}

/** Records and devices: each has one length, in hex. */
const ID = /\b(?:[0-9a-f]{32}|[0-9a-f]{12})\b/g

function told(value, key, name) {
  if (Array.isArray(value)) {
    return key === 'words' ? value.length : value.map((each) => told(each, '', name))
  }
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, each]) => each !== null && each !== undefined)
      // Ids get their names in this order, whatever order a binding has its maps in.
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([member, each]) => [member.replaceAll(ID, name), told(each, member, name)])
    return Object.fromEntries(members)
  }
  // Sizes depend on how well random bytes are compressed.
  if (/_bytes$|^bytes$/.test(key)) return typeof value
  if (typeof value === 'number' && (key.endsWith('_ms') || value > 1_600_000_000_000)) return 'a time'
  if (typeof value === 'string') return value.replaceAll(ID, name)
  return value
}
