package org.gridbook

import kotlinx.coroutines.CoroutineDispatcher
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.update
import org.gridbook.core.BookInterface
import org.gridbook.core.Form
import org.gridbook.core.Saved
import org.gridbook.core.SyncListener
import org.gridbook.core.SyncProgress
import org.gridbook.core.SyncReport

/**
 * A book whose lists follow what happens to it: everything that changes it goes through here.
 *
 * ```
 * val book = LiveBook(Book.open(path, keys))
 * book.watch { today(ShopQuery()) }.collect { page -> show(page) }
 * ```
 */
public class LiveBook(
    private val book: BookInterface,
    private val reading: CoroutineDispatcher = Dispatchers.IO,
) : BookInterface by book {
    private val version = MutableStateFlow(0L)
    private val syncing = MutableStateFlow<SyncProgress?>(null)

    /** How far the sync is that goes on; null while none does. */
    public val progress: StateFlow<SyncProgress?> = syncing.asStateFlow()

    /**
     * What [read] finds in the book: now, and after each change that makes it find something else.
     * A slow collector misses what was in between, never the last. [read] runs on [reading], and what
     * it throws ends the flow.
     */
    public fun <T> watch(read: BookInterface.() -> T): Flow<T> =
        version.map { book.read() }.distinctUntilChanged().flowOn(reading)

    /** Looks again: something changed the book that did not go through here. */
    public fun refresh() {
        version.update { it + 1 }
    }

    override suspend fun sync(listener: SyncListener?): SyncReport = changing {
        var records = -1L
        try {
            book.sync(
                Told { progress ->
                    syncing.value = progress
                    val now = progress.records.toLong()
                    if (now != records) refresh()
                    records = now
                    listener?.onProgress(progress)
                },
            )
        } finally {
            syncing.value = null
        }
    }

    override suspend fun enrol(server: String, ticket: String, app: String): Unit =
        changing { book.enrol(server, ticket, app) }

    override suspend fun unlock(): Unit = changing { book.unlock() }

    override suspend fun lock(): Unit = changing { book.lock() }

    override suspend fun shut(): Unit = changing { book.shut() }

    override fun wipe(): Unit = changing { book.wipe() }

    override fun save(form: Form): Saved = changing { book.save(form) }

    override fun visit(shop: String, outcome: String, changed: List<String>): Saved =
        changing { book.visit(shop, outcome, changed) }

    override fun undo(record: String): Boolean = changing { book.undo(record) }

    override fun resolveReturned(id: Long): Boolean = changing { book.resolveReturned(id) }

    override fun forgetTask(task: String): Unit = changing { book.forgetTask(task) }

    override fun attach(record: String, media: String, bytes: ByteArray): String =
        changing { book.attach(record, media, bytes) }

    override fun dropPhoto(record: String, sha256: String): Unit = changing { book.dropPhoto(record, sha256) }

    override fun putDraft(name: String, title: String, body: String?): Unit =
        changing { book.putDraft(name, title, body) }

    override fun setAside(record: String): Unit = changing { book.setAside(record) }

    /** Also after a failure: of a sync that broke off, what came before stays. */
    private inline fun <T> changing(work: () -> T): T = try {
        work()
    } finally {
        refresh()
    }

    private fun interface Told : SyncListener
}
