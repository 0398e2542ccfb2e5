package org.gridbook

import com.sun.net.httpserver.HttpsConfigurator
import com.sun.net.httpserver.HttpsServer
import kotlinx.coroutines.runBlocking
import org.gridbook.core.Book
import org.gridbook.core.BookException
import org.gridbook.core.Code
import org.gridbook.core.Network
import org.gridbook.core.newKey
import org.gridbook.core.softwareKeys
import org.junit.Rule
import org.junit.rules.TemporaryFolder
import java.net.InetSocketAddress
import java.nio.file.Path
import java.security.KeyStore
import javax.net.ssl.KeyManagerFactory
import javax.net.ssl.SSLContext
import kotlin.test.AfterTest
import kotlin.test.BeforeTest
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue

/** Against a server whose certificate an authority made here has signed. */
class SystemNetworkTest {
    @get:Rule
    val temporary: TemporaryFolder = TemporaryFolder()

    private val folder: Path get() = temporary.root.toPath()
    private lateinit var server: HttpsServer

    @BeforeTest
    fun serve() {
        keytool("-genkeypair", "authority", "-dname", "CN=Authority", "-ext", "bc:c=ca:true")
        keytool("-exportcert", "authority", "-file", "authority.der")
        keytool("-genkeypair", "server", "-dname", "CN=Server", "-ext", "san=ip:127.0.0.1")
        keytool("-certreq", "server", "-file", "asked")
        keytool("-gencert", "authority", "-infile", "asked", "-outfile", "signed", "-ext", "san=ip:127.0.0.1")
        keytool("-importcert", "server", "-noprompt", "-file", "signed")
        keytool("-importcert", "authority", "-noprompt", "-file", "authority.der", "-keystore", "trusted.p12")

        val keys = KeyStore.getInstance(folder.resolve("keys.p12").toFile(), PASS.toCharArray())
        val own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm())
        own.init(keys, PASS.toCharArray())
        val tls = SSLContext.getInstance("TLS")
        tls.init(own.keyManagers, null, null)
        server = HttpsServer.create(InetSocketAddress("127.0.0.1", 0), 0)
        server.httpsConfigurator = HttpsConfigurator(tls)
        server.createContext("/") { exchange ->
            exchange.sendResponseHeaders(503, -1)
            exchange.close()
        }
        server.start()
    }

    @AfterTest
    fun end() {
        server.stop(0)
        listOf(TRUSTED, TRUSTED_PASS).forEach(System::clearProperty)
    }

    private fun keytool(act: String, alias: String, vararg options: String) {
        val tool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString()
        val fixed = listOf(tool, act, "-alias", alias, "-storepass", PASS)
        val store = if ("-keystore" in options) listOf() else listOf("-keystore", "keys.p12")
        val key = if (act == "-genkeypair") listOf("-keyalg", "EC") else listOf()
        val told = ProcessBuilder(fixed + store + key + options).directory(temporary.root)
            .redirectErrorStream(true).start()
        val words = told.inputStream.reader().readText()
        assertEquals(0, told.waitFor(), words)
    }

    private fun authorities(): List<ByteArray> = assertIs<Network.Trusting>(systemNetwork()).authorities

    /** What an enrolment at the server ends with. */
    private suspend fun problem(): Code? {
        val book = Book.open("$folder/book.db", softwareKeys(newKey(), newKey()), systemNetwork())
        return try {
            book.enrol("https://127.0.0.1:${server.address.port}", "00".repeat(16), "test")
            null
        } catch (failed: BookException.Failed) {
            failed.code
        } finally {
            book.shut()
            book.close()
        }
    }

    @Test
    fun whatTheSystemTrustsIsTrusted(): Unit = runBlocking {
        System.setProperty(TRUSTED, folder.resolve("trusted.p12").toString())
        System.setProperty(TRUSTED_PASS, PASS)
        assertContentEquals(folder.resolve("authority.der").toFile().readBytes(), authorities().single())
        assertEquals(Code.SERVER, problem(), "it answered")
    }

    @Test
    fun whatItDoesNotTrustIsNot(): Unit = runBlocking {
        assertTrue(authorities().size > 50, "those of the system")
        assertEquals(Code.INTERCEPTED, problem())
    }

    private companion object {
        const val PASS = "only for this test"
        const val TRUSTED = "javax.net.ssl.trustStore"
        const val TRUSTED_PASS = "javax.net.ssl.trustStorePassword"
    }
}
