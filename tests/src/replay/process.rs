//! What a process has used.

/// Clock ticks a second in /proc: Linux has 100 on every platform that has this file.
const TICKS: f64 = 100.0;

/// CPU seconds of a process, all its threads; none where /proc does not tell.
pub(super) fn cpu_seconds(pid: Option<u32>) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid?)).ok()?;
    // The name in brackets may hold blanks: counted from behind it.
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / TICKS)
}

/// Most memory that it ever held, MiB.
pub(super) fn peak_mib(pid: Option<u32>) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", pid?)).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: u64 = line?.split_whitespace().next()?.parse().ok()?;
    Some(kib / 1_024)
}
