package org.gridbook

import org.gridbook.core.BookException
import org.gridbook.core.Code
import org.gridbook.core.Words
import java.nio.file.Files
import java.nio.file.Path
import kotlin.test.Test
import kotlin.test.assertEquals

/** What docs/MOBILE.md tells app teams is what the library has. */
class MobileDocTest {
    private val lines = Files.readAllLines(Path.of("docs/MOBILE.md"))

    private fun written(code: Code): String = code.name.lowercase().replace('_', '-')

    @Test
    fun everyCodeHasARowAndEveryRowACode() {
        val rows = lines.mapNotNull { Regex("""^\| `([a-z-]+)` \| .+ \| .+ \|$""").find(it)?.groupValues?.get(1) }
        assertEquals(Code.entries.map(::written).sorted(), rows.sorted())
    }

    @Test
    fun theCodesThatPassByThemselvesAreNamed() {
        val passing = Code.entries.filter { BookException.Failed(it, Words("", ""), listOf(), null, null).passes }
        val sentence = lines.single { it.startsWith("`BookException.Failed.passes`") }
        val named = Regex("`([a-z-]+)`").findAll(sentence).map { it.groupValues[1] }.toList()
        assertEquals(passing.map(::written).sorted(), named.sorted())
    }
}
