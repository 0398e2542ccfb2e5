package org.gridbook

import java.io.IOException
import java.nio.channels.FileChannel
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption.ATOMIC_MOVE
import java.nio.file.StandardOpenOption.READ
import java.nio.file.StandardOpenOption.WRITE

/** Writes a file anew: it is the old one or the whole new one, whenever the power goes. */
internal fun replace(file: Path, write: (Path) -> Unit) {
    val new = file.resolveSibling("${file.fileName}.new")
    write(new)
    FileChannel.open(new, WRITE).use { it.force(true) }
    Files.move(new, file, ATOMIC_MOVE)
    try {
        FileChannel.open(file.toAbsolutePath().parent, READ).use { it.force(true) }
    } catch (_: IOException) {
        // A system that opens no folders writes their entries by itself.
    }
}
