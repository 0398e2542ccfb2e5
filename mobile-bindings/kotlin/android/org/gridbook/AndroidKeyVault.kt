package org.gridbook

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import java.security.KeyStore
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey

/**
 * A vault in Android's key store, from which no key can be taken out.
 *
 * One for the device, [askPerson] false, and one for the person, [askPerson] true: its key works for
 * [seconds] after the phone was unlocked or a finger was shown, and is lost when the screen lock is
 * taken off. Then the data key comes back through recovery.
 */
public class AndroidKeyVault(
    private val alias: String,
    private val askPerson: Boolean,
    private val seconds: Int = 8 * 60 * 60,
) : KeyVault {
    override fun key(): SecretKey = synchronized(this) {
        val store = KeyStore.getInstance(PROVIDER).apply { load(null) }
        return store.getKey(alias, null) as SecretKey? ?: made()
    }

    private fun made(): SecretKey {
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        val builder = KeyGenParameterSpec.Builder(alias, purposes)
            .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
            .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
            .setKeySize(KEY_BITS)
            .setUserAuthenticationRequired(askPerson)
        if (askPerson) {
            // The later form of it asks for Android 11; this one does the same from 6 on.
            @Suppress("DEPRECATION")
            builder.setUserAuthenticationValidityDurationSeconds(seconds)
        }
        val generator = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, PROVIDER)
        generator.init(builder.build())
        return generator.generateKey()
    }

    private companion object {
        const val PROVIDER = "AndroidKeyStore"
        const val KEY_BITS = 256
    }
}
