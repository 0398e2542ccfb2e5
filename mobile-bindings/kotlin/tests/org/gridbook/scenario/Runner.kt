// The Kotlin bindings, asked in JSON: tests/parity/README.md.
@file:JvmName("Runner")

package org.gridbook.scenario

import com.google.gson.GsonBuilder
import com.google.gson.JsonElement
import com.google.gson.JsonObject
import com.google.gson.JsonParser
import com.google.gson.JsonPrimitive
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Deferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.runBlocking
import org.gridbook.FileKeyVault
import org.gridbook.LiveBook
import org.gridbook.VaultKeys
import org.gridbook.core.Book
import org.gridbook.core.BookException
import org.gridbook.core.Recovered
import org.gridbook.core.SyncReport
import java.nio.file.Files
import java.nio.file.Path
import kotlin.system.exitProcess

private val gson = GsonBuilder().serializeNulls().disableHtmlEscaping().create()

internal fun main(): Unit = runBlocking(Dispatchers.Default) {
    val folder = Path.of(System.getenv("SCENARIO_FOLDER"))
    val phones = mutableMapOf<String, Phone>()
    val out = System.out.bufferedWriter()
    for (line in generateSequence(::readlnOrNull)) {
        val call = JsonParser.parseString(line).asJsonObject
        val phone = phones.getOrPut(call.text("phone")) { Phone(folder.resolve(call.text("phone"))) }
        val answer = JsonObject()
        try {
            answer.add("ok", phone.answer(call.text("op"), call.get("args") as? JsonObject ?: JsonObject()))
        } catch (fault: BookException.Failed) {
            answer.add("error", told(fault))
        }
        out.write(gson.toJson(answer))
        out.newLine()
        out.flush()
    }
    phones.values.forEach { it.end() }
    // Threads of the library that called here are the JVM's as well: nobody waits for them.
    exitProcess(0)
}

private class Phone(private val folder: Path) {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val keys: VaultKeys
    private var whole: Book? = null
    private var syncing: Deferred<SyncReport>? = null
    private lateinit var book: LiveBook

    init {
        Files.createDirectories(folder)
        val vaults = listOf("device", "person").map { FileKeyVault(folder.resolve("$it.p12"), it.toCharArray()) }
        keys = VaultKeys(folder, vaults[0], vaults[1])
    }

    suspend fun answer(op: String, call: JsonObject): JsonElement = told(
        when (op) {
            "open" -> open(call)
            "lock" -> book.lock()
            "unlock" -> keys.replaceDataKey(bytes(call.text("key"))).let { book.unlock() }
            "is_locked" -> book.isLocked()
            "close" -> book.shut()
            "enrol" -> book.enrol(call.text("server"), call.text("ticket"), "scenario")
            "sync" -> book.sync(null)
            "begin_sync" -> begin()
            "cancel_sync" -> cancelled()
            "end_sync" -> checkNotNull(syncing).await()
            "stop" -> book.stop()
            "waiting" -> book.waiting()
            "export_outbox" -> mapOf("begins" to book.exportOutbox().isNotEmpty())
            "wipe" -> book.wipe()
            "recovery_copy" -> mapOf("hex" to hex(book.recoveryCopy()))
            "recovery_ask" -> book.recoveryAsk(bytes(call.text("copy")), bytes(call.text("secret")))
            "recovery_poll" -> recovered(book.recoveryPoll(bytes(call.text("secret"))))
            "attach" -> book.attach(call.text("record"), call.text("media"), bytes(call.text("hex")))
            "photo" -> mapOf("hex" to hex(book.photo(call.text("record"), call.text("sha256"))))
            else -> asked(op, call)
        },
    )

    private fun asked(op: String, call: JsonObject): Any? = when (op) {
        "standing" -> book.standing()
        "counts" -> book.counts()
        "schema" -> book.schema()
        "today" -> book.today(call.query())
        "shops" -> book.shops(call.query())
        "map" -> book.map(call.text("grid"))
        "dossier" -> book.dossier(call.text("shop"))
        "record" -> book.record(call.text("record"))
        "history" -> book.history(call.text("record"), call.textOrNull("key"))
        "rows" -> book.rows(call.text("kind"), call.textOrNull("shop"), call.textOrNull("text"), call.number("limit")?.toUInt())
        "findings" -> book.findings(call.textOrNull("shop"), call.get("own")?.asBoolean == true, call.number("limit")?.toUInt())
        "check" -> book.check(call.form())
        "save" -> book.save(call.form())
        "visit" -> book.visit(call.text("shop"), call.text("outcome"), call.texts("changed"))
        "undo" -> book.undo(call.text("record"))
        "work" -> book.work(call.number("limit")?.toUInt())
        "todo" -> book.todo()
        "figures" -> book.figures()
        "photos" -> book.photos()
        "drafts" -> book.drafts()
        "put_draft" -> book.putDraft(call.text("name"), call.text("title"), call.textOrNull("body"))
        else -> error("no operation $op")
    }

    /** With the key given, under this phone's vault; the device's key is the vault's own. */
    private suspend fun open(call: JsonObject) {
        keys.replaceDataKey(bytes(call.text("key")))
        val opened = Book.open(folder.resolve("book.db").toString(), keys)
        whole?.close()
        whole = opened
        book = LiveBook(opened)
    }

    private fun recovered(found: Recovered): Map<String, String> = when (found) {
        is Recovered.Approved -> mapOf("state" to "approved", "hex" to hex(found.dataKey))
        Recovered.None -> mapOf("state" to "none")
        Recovered.Waiting -> mapOf("state" to "waiting")
        Recovered.Refused -> mapOf("state" to "refused")
    }

    private fun begin() {
        // On its way before this answers: what follows finds a sync that goes on.
        syncing = scope.async(Dispatchers.Unconfined, CoroutineStart.UNDISPATCHED) { book.sync(null) }
    }

    private suspend fun cancelled(): JsonElement {
        val sync = checkNotNull(syncing)
        sync.cancelAndJoin()
        check(sync.isCancelled)
        return JsonPrimitive("cancelled")
    }

    suspend fun end() {
        whole?.shut()
        whole?.close()
    }
}

private fun hex(bytes: ByteArray): String = bytes.joinToString("") { "%02x".format(it) }

private fun bytes(hex: String): ByteArray = hex.chunked(2) { it.toString().toInt(16).toByte() }.toByteArray()
