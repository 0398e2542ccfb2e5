/** Files of a version as they are chosen at the desk. Pure but for reading them. */

/** The document has another schema under this name. */
export interface NamedText {
  name: string
  text: string
}

export function filesOf(version: { files: unknown }): NamedText[] {
  return version.files as NamedText[]
}

/** The name that the version in force has for a file: a folder that was chosen begins with its own name. */
export function nameOf(path: string, known: readonly string[]): string {
  const whole = path.replaceAll('\\', '/')
  const ending = known.filter((name) => whole === name || whole.endsWith(`/${name}`)).sort((a, b) => b.length - a.length)[0]
  if (ending) return ending
  const same = known.filter((name) => name.split('/').at(-1) === whole.split('/').at(-1))
  return same.length === 1 && same[0] ? same[0] : whole
}

export async function readAll(files: Iterable<File>, known: readonly string[]): Promise<NamedText[]> {
  return Promise.all(Array.from(files, async (file) => ({ name: nameOf(file.webkitRelativePath || file.name, known), text: await file.text() })))
}
