/** A few named values in IndexedDB, on disk when the promise resolves. Used by the worker alone. */

const STORE = 'values'

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
  })
}

export class Shelf {
  private constructor(private readonly db: IDBDatabase) {}

  static async open(name: string): Promise<Shelf> {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    return new Shelf(await done(request))
  }

  async get<T>(name: string): Promise<T | undefined> {
    return done(this.db.transaction(STORE).objectStore(STORE).get(name)) as Promise<T | undefined>
  }

  /** All of `values` or none. `undefined` takes a value away. */
  async put(values: Record<string, unknown>): Promise<void> {
    const transaction = this.db.transaction(STORE, 'readwrite', { durability: 'strict' })
    const store = transaction.objectStore(STORE)
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) store.delete(name)
      else store.put(value, name)
    }
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve()
      transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB'))
    })
  }

  async clear(): Promise<void> {
    const transaction = this.db.transaction(STORE, 'readwrite', { durability: 'strict' })
    await done(transaction.objectStore(STORE).clear())
  }
}
