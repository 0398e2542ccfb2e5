// The part of Android's key store that AndroidKeyVault uses, as Android declares it: a compiler that
// has no android.jar checks it against this. Nothing of it is shipped.
@file:Suppress("UNUSED_PARAMETER")

package android.security.keystore

import java.security.spec.AlgorithmParameterSpec

class KeyGenParameterSpec private constructor() : AlgorithmParameterSpec {
    class Builder(keystoreAlias: String, purposes: Int) {
        fun setBlockModes(vararg blockModes: String): Builder = this

        fun setEncryptionPaddings(vararg paddings: String): Builder = this

        fun setKeySize(keySize: Int): Builder = this

        fun setUserAuthenticationRequired(required: Boolean): Builder = this

        @Deprecated("setUserAuthenticationParameters, from Android 11 on")
        fun setUserAuthenticationValidityDurationSeconds(seconds: Int): Builder = this

        fun build(): KeyGenParameterSpec = KeyGenParameterSpec()
    }
}

object KeyProperties {
    const val PURPOSE_ENCRYPT: Int = 1
    const val PURPOSE_DECRYPT: Int = 2
    const val KEY_ALGORITHM_AES: String = "AES"
    const val BLOCK_MODE_GCM: String = "GCM"
    const val ENCRYPTION_PADDING_NONE: String = "NoPadding"
}
