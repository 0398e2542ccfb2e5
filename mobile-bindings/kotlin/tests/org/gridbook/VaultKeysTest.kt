package org.gridbook

import org.gridbook.core.KeyStoreException
import org.junit.Rule
import org.junit.rules.TemporaryFolder
import java.nio.file.Files
import java.nio.file.Path
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse

class VaultKeysTest {
    @get:Rule
    val temporary: TemporaryFolder = TemporaryFolder()

    private val folder: Path get() = temporary.root.toPath()

    private fun vault(name: String, password: String = name): KeyVault =
        FileKeyVault(folder.resolve("$name.p12"), password.toCharArray())

    private fun keys(person: KeyVault = vault("person")): VaultKeys = VaultKeys(folder, vault("device"), person)

    @Test
    fun keysAreMadeOnceAndFoundAgain() {
        val made = keys()
        val data = made.dataKey()
        val public = made.publicKey()
        val signed = made.sign("a message".toByteArray())
        assertEquals(listOf(32, 32, 64), listOf(data.size, public.size, signed.size))
        val again = keys()
        assertContentEquals(data, again.dataKey())
        assertContentEquals(public, again.publicKey())
        assertContentEquals(signed, again.sign("a message".toByteArray()))
        val other = VaultKeys(folder.resolve("other"), vault("device"), vault("person"))
        assertFalse(data.contentEquals(other.dataKey()))
    }

    @Test
    fun aPhoneSignsWithoutThePerson() {
        keys().run { dataKey() to publicKey() }
        val locked = keys(vault("person", "not the password"))
        assertFailsWith<KeyStoreException.Unavailable> { locked.dataKey() }
        assertEquals(64, locked.sign(ByteArray(1)).size)
    }

    @Test
    fun nothingOnTheDiskIsAKey() {
        val data = keys().dataKey()
        val files = Files.list(folder).use { all -> all.map(Files::readAllBytes).toList() }
        assertEquals(2, files.size, "the person's vault, and what is sealed under it")
        for (file in files) assertFalse(file.toList().windowed(data.size).contains(data.toList()))
    }

    @Test
    fun anAlteredKeyIsNoKeyAndNoneIsMadeInItsPlace() {
        keys().dataKey()
        val file = folder.resolve("data.key")
        val altered = Files.readAllBytes(file).also { it[20] = (it[20] + 1).toByte() }
        Files.write(file, altered)
        assertFailsWith<KeyStoreException.Unavailable> { keys().dataKey() }
        assertContentEquals(altered, Files.readAllBytes(file))
        Files.write(file, ByteArray(3))
        assertFailsWith<KeyStoreException.Unavailable> { keys().dataKey() }
    }

    @Test
    fun aRecoveredKeyTakesThePlaceOfALostOne() {
        keys().dataKey()
        val recovered = ByteArray(32) { it.toByte() }
        val person = vault("new lock")
        keys(person).replaceDataKey(recovered)
        assertContentEquals(recovered, keys(person).dataKey())
        keys(person).forget()
        assertFalse(recovered.contentEquals(keys(person).dataKey()))
    }
}
