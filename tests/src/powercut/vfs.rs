//! The VFS that `SQLite` is given: its registration, and the callbacks that concern no open file.
//!
//! A registered VFS and the machine behind it are never freed, about a kilobyte per disk: a
//! connection that outlives its disk must find them, if only to be told that power is off.
#![allow(
    unsafe_code,
    reason = "a SQLite VFS is a table of C functions that take raw pointers"
)]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::sync::atomic::AtomicPtr;
use std::time::Duration;
use std::{ptr, thread};

use rusqlite::ffi;

use super::handle::{self, Creation, Fault, Handle, Opening};
use super::io::{OpenFile, done, give, index, slice_to_fill};
use super::machine::Shared;

/// The longest path, its final zero included.
const MAX_PATH: c_int = 512;

/// A VFS known to `SQLite`; taken from its list when dropped.
#[derive(Debug)]
pub(super) struct Registration(AtomicPtr<ffi::sqlite3_vfs>);

impl Registration {
    pub(super) fn new(name: CString, shared: &'static Shared) -> rusqlite::Result<Self> {
        let vfs = Box::into_raw(Box::new(ffi::sqlite3_vfs {
            iVersion: 2,
            szOsFile: c_int::try_from(size_of::<OpenFile>()).unwrap_or(c_int::MAX),
            mxPathname: MAX_PATH,
            pNext: ptr::null_mut(),
            zName: name.into_raw(),
            pAppData: ptr::from_ref(shared).cast_mut().cast(),
            xOpen: Some(x_open),
            xDelete: Some(x_delete),
            xAccess: Some(x_access),
            xFullPathname: Some(x_full_pathname),
            xDlOpen: Some(x_dl_open),
            xDlError: Some(x_dl_error),
            xDlSym: None,
            xDlClose: None,
            xRandomness: Some(x_randomness),
            xSleep: Some(x_sleep),
            xCurrentTime: Some(x_current_time),
            xGetLastError: None,
            xCurrentTimeInt64: Some(x_current_time_int64),
            xSetSystemCall: None,
            xGetSystemCall: None,
            xNextSystemCall: None,
        }));
        // SAFETY: `vfs`, its name and its machine are never freed, and its functions match its version.
        match unsafe { ffi::sqlite3_vfs_register(vfs, 0) } {
            ffi::SQLITE_OK => Ok(Self(AtomicPtr::new(vfs))),
            code => Err(rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)),
        }
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        // SAFETY: the pointer was registered by `new`; what it points to stays alive.
        unsafe { ffi::sqlite3_vfs_unregister(*self.0.get_mut()) };
    }
}

/// # Safety
/// `vfs` is one that `Registration::new` made.
unsafe fn shared_of(vfs: *mut ffi::sqlite3_vfs) -> &'static Shared {
    // SAFETY: such a VFS lives for ever, and its `pAppData` is a `&'static Shared`.
    unsafe { &*(*vfs).pAppData.cast::<Shared>() }
}

/// # Safety
/// `name` is null or a C string.
unsafe fn text(name: *const c_char) -> Option<String> {
    if name.is_null() {
        return None;
    }
    // SAFETY: as the caller promises.
    Some(
        unsafe { CStr::from_ptr(name) }
            .to_string_lossy()
            .into_owned(),
    )
}

unsafe extern "C" fn x_open(
    vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    let has = |flag: c_int| flags & flag != 0;
    let opening = Opening {
        creation: match (
            has(ffi::SQLITE_OPEN_CREATE),
            has(ffi::SQLITE_OPEN_EXCLUSIVE),
        ) {
            (false, _) => Creation::Never,
            (true, false) => Creation::IfMissing,
            (true, true) => Creation::Always,
        },
        journal: has(ffi::SQLITE_OPEN_MAIN_JOURNAL
            | ffi::SQLITE_OPEN_SUPER_JOURNAL
            | ffi::SQLITE_OPEN_WAL),
        delete_on_close: has(ffi::SQLITE_OPEN_DELETEONCLOSE),
    };
    // SAFETY: SQLite passes our VFS, a name or null, `szOsFile` bytes for the file, which need not be
    // initialised, and null or a place for the flags.
    unsafe {
        OpenFile::put_none(file);
        match Handle::open(shared_of(vfs), text(name), opening) {
            Ok(handle) => OpenFile::put(file, handle),
            Err(Fault::PowerIsOff) => return ffi::SQLITE_IOERR,
            Err(_) => return ffi::SQLITE_CANTOPEN,
        }
        if !out_flags.is_null() {
            out_flags.write(flags);
        }
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn x_delete(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    sync_directory: c_int,
) -> c_int {
    // SAFETY: SQLite passes our VFS and a C string.
    let (shared, path) = unsafe { (shared_of(vfs), text(name).unwrap_or_default()) };
    done(handle::delete(shared, &path, sync_directory & 1 != 0))
}

/// As on unix, an empty file does not count as existing, but may be read and written.
unsafe extern "C" fn x_access(
    vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite passes our VFS and a C string.
    let (shared, path) = unsafe { (shared_of(vfs), text(name).unwrap_or_default()) };
    let least = usize::from(flags == ffi::SQLITE_ACCESS_EXISTS);
    let answer = handle::length(shared, &path)
        .map(|length| c_int::from(length.is_some_and(|length| length >= least)));
    // SAFETY: SQLite passes a place for the answer.
    unsafe { give(answer, out) }
}

/// Every path is absolute; there is no directory to be in but the root.
unsafe extern "C" fn x_full_pathname(
    _vfs: *mut ffi::sqlite3_vfs,
    name: *const c_char,
    room: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: SQLite passes a C string.
    let name = unsafe { text(name) }.unwrap_or_default();
    let path = if name.starts_with('/') {
        name
    } else {
        format!("/{name}")
    };
    let Ok(path) = CString::new(path) else {
        return ffi::SQLITE_CANTOPEN;
    };
    let bytes = path.as_bytes_with_nul();
    if index(room).is_ok_and(|room| bytes.len() <= room) {
        // SAFETY: SQLite passes `room` bytes, which are enough.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr().cast(), out, bytes.len()) };
        ffi::SQLITE_OK
    } else {
        ffi::SQLITE_CANTOPEN
    }
}

/// There are no extensions to load.
unsafe extern "C" fn x_dl_open(_vfs: *mut ffi::sqlite3_vfs, _name: *const c_char) -> *mut c_void {
    ptr::null_mut()
}

/// Leaves the buffer as it is; `SQLite` has put an empty text there.
unsafe extern "C" fn x_dl_error(_vfs: *mut ffi::sqlite3_vfs, _room: c_int, _out: *mut c_char) {}

unsafe extern "C" fn x_randomness(
    vfs: *mut ffi::sqlite3_vfs,
    count: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: SQLite passes our VFS and `count` bytes, which are initialised before use.
    unsafe {
        let room = slice_to_fill(out.cast(), count);
        shared_of(vfs).machine().random.fill(room);
    }
    count
}

unsafe extern "C" fn x_sleep(_vfs: *mut ffi::sqlite3_vfs, microseconds: c_int) -> c_int {
    thread::sleep(Duration::from_micros(
        u64::try_from(microseconds).unwrap_or(0),
    ));
    microseconds
}

unsafe extern "C" fn x_current_time(vfs: *mut ffi::sqlite3_vfs, out: *mut f64) -> c_int {
    const DAY: f64 = 86_400_000.0;
    // SAFETY: SQLite passes our VFS and a place for the time.
    unsafe {
        #[allow(
            clippy::cast_precision_loss,
            reason = "milliseconds of a date fit 53 bits"
        )]
        out.write(shared_of(vfs).machine().tick() as f64 / DAY);
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn x_current_time_int64(vfs: *mut ffi::sqlite3_vfs, out: *mut i64) -> c_int {
    // SAFETY: SQLite passes our VFS and a place for the time.
    unsafe { out.write(shared_of(vfs).machine().tick()) };
    ffi::SQLITE_OK
}
