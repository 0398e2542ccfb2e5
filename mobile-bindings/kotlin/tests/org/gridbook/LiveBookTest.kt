package org.gridbook

import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.gridbook.core.Book
import org.gridbook.core.BookException
import org.gridbook.core.Code
import org.gridbook.core.newKey
import org.gridbook.core.softwareKeys
import org.junit.Rule
import org.junit.rules.TemporaryFolder
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNull
import kotlin.test.assertTrue

class LiveBookTest {
    @get:Rule
    val temporary: TemporaryFolder = TemporaryFolder()

    private val keys = softwareKeys(newKey(), newKey())
    private val opened = mutableListOf<Book>()

    private suspend fun book(): LiveBook =
        LiveBook(Book.open("${temporary.root}/book.db", keys).also(opened::add))

    @AfterTest
    fun close(): Unit = runBlocking {
        for (book in opened) {
            book.shut()
            book.close()
        }
    }

    /** Collects a flow while [work] looks at what it brings. */
    private suspend fun <T> collecting(flow: Flow<T>, work: suspend (suspend () -> T) -> Unit) = withTimeout(30_000) {
        val brought = Channel<T>(Channel.UNLIMITED)
        val collector = launch { flow.collect { brought.send(it) } }
        work { brought.receive() }
        collector.cancelAndJoin()
        assertTrue(brought.tryReceive().isFailure, "nothing came besides")
    }

    @Test
    fun aListFollowsWhatHappensToTheBook(): Unit = runBlocking {
        val book = book()
        collecting(book.watch { drafts().map { it.title } }) { next ->
            assertEquals(listOf(), next())
            book.putDraft("shop/new", "新店", "{}")
            assertEquals(listOf("新店"), next())
            book.putDraft("shop/new", "", null)
            assertEquals(listOf(), next())
        }
    }

    @Test
    fun whatDoesNotChangeAListIsNotTold(): Unit = runBlocking {
        val book = book()
        collecting(book.watch { drafts().map { it.title } }) { next ->
            assertEquals(listOf(), next())
            book.putDraft("a", "A", "{}")
            assertEquals(listOf("A"), next())
            book.putDraft("a", "A", "{}")
            assertFailsWith<BookException.Failed> { book.sync(null) }
            book.putDraft("b", "B", "{}")
            assertEquals(setOf("A", "B"), next().toSet())
        }
    }

    @Test
    fun aLockedBookEndsItsListsWithTheReason(): Unit = runBlocking {
        val book = book()
        book.putDraft("a", "A", "{}")
        val failed = assertFailsWith<BookException.Failed> {
            withTimeout(30_000) {
                book.watch { drafts() }.collect { book.shut() }
            }
        }
        assertEquals(Code.LOCKED, failed.code)
    }

    @Test
    fun aSyncThatFailsLeavesNoProgressBehind(): Unit = runBlocking {
        val book = book()
        val failed = assertFailsWith<BookException.Failed> { book.sync(null) }
        assertEquals(Code.NOT_ENROLLED, failed.code)
        assertNull(book.progress.value)
        assertTrue(!failed.passes)
    }
}
