package org.gridbook

import java.io.IOException
import java.nio.file.Files
import java.nio.file.Path
import java.security.GeneralSecurityException
import java.security.KeyStore.PasswordProtection
import java.security.KeyStore.SecretKeyEntry
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import java.security.KeyStore as JavaKeyStore

/** Where one AES-256 key lies that seals others: a phone's key store. */
public fun interface KeyVault {
    /**
     * The key, made when it is asked for the first time. It may be usable only after the person has
     * unlocked the phone or shown a finger; then using it fails until that is done.
     *
     * @throws GeneralSecurityException where it is not to be had, or was lost with a changed screen lock
     */
    public fun key(): SecretKey
}

/**
 * A vault in a PKCS#12 file under a password: for tests and for programs on a desk. A phone has better
 * ([AndroidKeyVault](../../../android/org/gridbook/AndroidKeyVault.kt)).
 */
public class FileKeyVault(private val file: Path, password: CharArray) : KeyVault {
    private val protection = PasswordProtection(password.clone())

    private var kept: SecretKey? = null

    override fun key(): SecretKey = synchronized(this) {
        kept ?: read().also { kept = it }
    }

    private fun read(): SecretKey {
        try {
            val store = JavaKeyStore.getInstance("PKCS12")
            val known = Files.exists(file)
            if (known) {
                Files.newInputStream(file).use { store.load(it, protection.password) }
            } else {
                store.load(null, protection.password)
            }
            val entry = store.getEntry(ALIAS, protection) as SecretKeyEntry?
            return entry?.secretKey ?: made(store)
        } catch (fault: IOException) {
            // What a wrong password looks like.
            throw GeneralSecurityException(fault)
        }
    }

    private fun made(store: JavaKeyStore): SecretKey {
        val key = KeyGenerator.getInstance("AES").apply { init(KEY_BITS) }.generateKey()
        store.setEntry(ALIAS, SecretKeyEntry(key), protection)
        replace(file) { written -> Files.newOutputStream(written).use { store.store(it, protection.password) } }
        return key
    }

    private companion object {
        const val ALIAS = "gridbook"
        const val KEY_BITS = 256
    }
}
