package org.gridbook

import org.gridbook.core.KeyStoreException
import org.gridbook.core.KeyStore
import org.gridbook.core.newKey
import org.gridbook.core.softwareKeys
import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import java.security.GeneralSecurityException
import javax.crypto.Cipher
import javax.crypto.spec.GCMParameterSpec

/**
 * A book's keys, made here and kept sealed in [folder]: the data key under [person], the device's
 * Ed25519 seed under [device].
 *
 * They are two vaults because a phone that is locked must still be able to send what waits: [device]
 * is to be usable without the person, [person] should not be. Android's key store holds no Ed25519
 * key before Android 13, so the seed is held in memory while something is signed.
 */
public class VaultKeys(
    private val folder: Path,
    private val device: KeyVault,
    private val person: KeyVault,
) : KeyStore {
    override fun dataKey(): ByteArray = opened(DATA, person)

    override fun publicKey(): ByteArray = signing { it.publicKey() }

    override fun sign(message: ByteArray): ByteArray = signing { it.sign(message) }

    /** Keeps a data key that came back through recovery, under the person's vault as it is now. */
    public fun replaceDataKey(key: ByteArray) {
        reported { keep(DATA, person, key) }
    }

    /** The vault's part of wiping a phone: without the data key the book is noise. */
    public fun forget() {
        Files.deleteIfExists(folder.resolve(DATA))
    }

    // The data key has no part in signing: what stands in its place is never asked for.
    private inline fun signing(work: (KeyStore) -> ByteArray): ByteArray {
        val signer = softwareKeys(ByteArray(KEY_BYTES), opened(SEED, device))
        try {
            return work(signer)
        } finally {
            (signer as? AutoCloseable)?.close()
        }
    }

    private fun opened(name: String, vault: KeyVault): ByteArray = synchronized(this) {
        reported {
            val file = folder.resolve(name)
            if (Files.exists(file)) open(name, vault, Files.readAllBytes(file)) else newKey().also { keep(name, vault, it) }
        }
    }

    private fun keep(name: String, vault: KeyVault, key: ByteArray) {
        val cipher = Cipher.getInstance(CIPHER)
        // Android's key store insists on choosing the nonce itself.
        cipher.init(Cipher.ENCRYPT_MODE, vault.key())
        cipher.updateAAD(name.toByteArray())
        val sealed = cipher.iv + cipher.doFinal(key)
        Files.createDirectories(folder)
        replace(folder.resolve(name)) { Files.write(it, sealed) }
    }

    private fun open(name: String, vault: KeyVault, sealed: ByteArray): ByteArray {
        if (sealed.size != NONCE_BYTES + KEY_BYTES + TAG_BYTES) throw GeneralSecurityException("not a sealed key")
        val cipher = Cipher.getInstance(CIPHER)
        cipher.init(Cipher.DECRYPT_MODE, vault.key(), GCMParameterSpec(TAG_BYTES * Byte.SIZE_BITS, sealed, 0, NONCE_BYTES))
        cipher.updateAAD(name.toByteArray())
        return cipher.doFinal(sealed, NONCE_BYTES, sealed.size - NONCE_BYTES)
    }

    private companion object {
        const val DATA = "data.key"
        const val SEED = "device.key"
        const val CIPHER = "AES/GCM/NoPadding"
        const val KEY_BYTES = 32
        const val NONCE_BYTES = 12
        const val TAG_BYTES = 16
    }
}

/** The core knows one word for a key that is not to be had; what exactly happened is the host's to ask. */
private inline fun <T> reported(work: () -> T): T = try {
    work()
} catch (fault: GeneralSecurityException) {
    throw KeyStoreException.Unavailable().initCause(fault)
} catch (fault: IOException) {
    throw KeyStoreException.Unavailable().initCause(fault)
}
