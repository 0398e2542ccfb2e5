package org.gridbook

import org.gridbook.core.BookException
import org.gridbook.core.Code

/** Whether what failed passes by itself: to be tried again later, each time after a longer wait. */
public val BookException.Failed.passes: Boolean
    get() = when (code) {
        Code.OFFLINE, Code.TIMEOUT, Code.SERVER, Code.INTERCEPTED, Code.BUSY -> true
        else -> false
    }
