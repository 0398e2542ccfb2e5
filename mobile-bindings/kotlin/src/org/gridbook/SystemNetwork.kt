package org.gridbook

import org.gridbook.core.Network
import java.security.KeyStore
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509TrustManager

/**
 * The library's own HTTP, trusting the authorities that this system trusts at the moment; on Android,
 * where the library cannot ask for them by itself, the usual one.
 *
 * Android's settings for an app's network (`networkSecurityConfig`) count as far as they name
 * authorities; pins and exceptions for single names do not. The authorities are read at each call:
 * some 150 of them, 200 kB.
 *
 * @throws java.security.GeneralSecurityException where the system's trust cannot be read
 */
public fun systemNetwork(): Network {
    val trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm())
    val chosenBySystem: KeyStore? = null
    trust.init(chosenBySystem)
    val managers = trust.trustManagers.filterIsInstance<X509TrustManager>()
    return Network.Trusting(managers.flatMap { it.acceptedIssuers.asList() }.map { it.encoded })
}
