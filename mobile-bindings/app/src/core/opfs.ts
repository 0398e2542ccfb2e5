/** The folder of the private file system that SQLite keeps the book in. */

export const FOLDER = 'gridbook'

/** Takes the folder away; only while no worker has it open. */
export async function removeBook(): Promise<void> {
  const root = await navigator.storage.getDirectory()
  try {
    await root.removeEntry(FOLDER, { recursive: true })
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error
  }
}
