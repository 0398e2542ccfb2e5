//! Where it was measured.

use std::{
    fs::read_to_string,
    path::{Path, PathBuf},
    process::Command,
};

use crate::Result;

/// A folder on a disk: the folder for temporary files, or that of this program where it lies in
/// memory.
pub(crate) fn disk_folder() -> Result<PathBuf> {
    let temporary = std::env::temp_dir();
    if disk(&temporary).is_some_and(|(_, system)| system == "tmpfs" || system == "ramfs") {
        let own = std::env::current_exe()?;
        return Ok(own.parent().ok_or("no folder of its own")?.to_path_buf());
    }
    Ok(temporary)
}

/// Device and file system of a folder.
fn disk(folder: &Path) -> Option<(String, String)> {
    let folder = folder.canonicalize().ok()?;
    let mounts = read_to_string("/proc/mounts").ok()?;
    let mounts = mounts.lines().filter_map(|line| {
        let mut parts = line.split(' ');
        let (device, at, system) = (parts.next()?, parts.next()?, parts.next()?);
        folder
            .starts_with(at)
            .then(|| (at.len(), device.to_owned(), system.to_owned()))
    });
    mounts
        .max_by_key(|(len, ..)| *len)
        .map(|(_, device, system)| (device, system))
}

/// The machine in a few lines.
pub(crate) fn describe(folder: &Path) -> String {
    let field = |file: &str, name: &str| {
        let text = read_to_string(file).unwrap_or_default();
        let line = text
            .lines()
            .find(|line| line.starts_with(name))
            .unwrap_or_default();
        line.split_once(':')
            .map_or("unknown", |(_, value)| value.trim())
            .to_owned()
    };
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let kernel = read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let rustc = Command::new("rustc").arg("--version").output();
    let rustc = rustc.map_or_else(
        |_| "unknown".to_owned(),
        |output| String::from_utf8_lossy(&output.stdout).trim().to_owned(),
    );
    let (device, system) = disk(folder).unwrap_or_default();
    format!(
        "Processor: {}, {cores} cores. Memory: {}. Kernel: {}. Compiler: {rustc}. \
         Disk: {device}, {system}. SQLite: {}. Load average at the start: {}.\n",
        field("/proc/cpuinfo", "model name"),
        field("/proc/meminfo", "MemTotal"),
        kernel.trim(),
        rusqlite::version(),
        load(),
    )
}

/// Load averages over 1, 5 and 15 minutes.
pub(crate) fn load() -> String {
    let text = read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}
