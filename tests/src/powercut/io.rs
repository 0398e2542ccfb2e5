//! The callbacks that `SQLite` makes on an open file, turned into calls on [`Handle`].
#![allow(
    unsafe_code,
    reason = "a SQLite VFS is a table of C functions that take raw pointers"
)]

use std::ffi::{c_int, c_void};
use std::sync::atomic::{Ordering, fence};
use std::{ptr, slice};

use rusqlite::ffi;

use super::file::SECTOR;
use super::handle::{Fault, Handle};
use super::locks::Level;

/// What `SQLite` allocates for each open file.
#[repr(C)]
pub(super) struct OpenFile {
    base: ffi::sqlite3_file,
    /// From `Box::into_raw`, until `x_close`.
    handle: *mut Handle,
}

impl OpenFile {
    /// Makes `file` a file that `SQLite` need not close.
    ///
    /// # Safety
    /// `file` is valid for writing an `OpenFile`; it need not be initialised.
    pub(super) unsafe fn put_none(file: *mut ffi::sqlite3_file) {
        let nothing = Self {
            base: ffi::sqlite3_file {
                pMethods: ptr::null(),
            },
            handle: ptr::null_mut(),
        };
        // SAFETY: as the caller promises.
        unsafe { file.cast::<Self>().write(nothing) };
    }

    /// Makes `file` an open file.
    ///
    /// # Safety
    /// As for [`Self::put_none`].
    pub(super) unsafe fn put(file: *mut ffi::sqlite3_file, handle: Handle) {
        let base = ffi::sqlite3_file {
            pMethods: &raw const METHODS,
        };
        let opened = Self {
            base,
            handle: Box::into_raw(Box::new(handle)),
        };
        // SAFETY: as the caller promises.
        unsafe { file.cast::<Self>().write(opened) };
    }
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(x_close),
    xRead: Some(x_read),
    xWrite: Some(x_write),
    xTruncate: Some(x_truncate),
    xSync: Some(x_sync),
    xFileSize: Some(x_file_size),
    xLock: Some(x_lock),
    xUnlock: Some(x_unlock),
    xCheckReservedLock: Some(x_check_reserved_lock),
    xFileControl: Some(x_file_control),
    xSectorSize: Some(x_sector_size),
    xDeviceCharacteristics: Some(x_device_characteristics),
    xShmMap: Some(x_shm_map),
    xShmLock: Some(x_shm_lock),
    xShmBarrier: Some(x_shm_barrier),
    xShmUnmap: Some(x_shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

pub(super) fn code(fault: &Fault) -> c_int {
    match fault {
        Fault::PowerIsOff | Fault::Misuse => ffi::SQLITE_IOERR,
        Fault::Busy => ffi::SQLITE_BUSY,
        Fault::Missing => ffi::SQLITE_IOERR_DELETE_NOENT,
    }
}

pub(super) fn done(result: Result<(), Fault>) -> c_int {
    result.map_or_else(|fault| code(&fault), |()| ffi::SQLITE_OK)
}

/// Stores a successful result where `SQLite` waits for it.
///
/// # Safety
/// `target` is valid for writing a `T`.
pub(super) unsafe fn give<T>(result: Result<T, Fault>, target: *mut T) -> c_int {
    done(result.map(|value| {
        // SAFETY: as the caller promises.
        unsafe { target.write(value) };
    }))
}

pub(super) fn index(number: impl TryInto<usize>) -> Result<usize, Fault> {
    number.try_into().map_err(|_| Fault::Misuse)
}

/// # Safety
/// `file` was opened by `x_open` and not closed; `SQLite` makes one call at a time on a file.
unsafe fn handle_of<'a>(file: *mut ffi::sqlite3_file) -> &'a mut Handle {
    // SAFETY: such a file is an `OpenFile`, whose handle lives until it is closed.
    unsafe { &mut *(*file.cast::<OpenFile>()).handle }
}

/// Zeroes and borrows a buffer that need not be initialised yet.
///
/// # Safety
/// `out` is valid for writing `count` bytes, for as long as the result is used.
pub(super) unsafe fn slice_to_fill<'a>(out: *mut u8, count: c_int) -> &'a mut [u8] {
    let count = usize::try_from(count).unwrap_or(0);
    // SAFETY: as the caller promises.
    unsafe {
        ptr::write_bytes(out, 0, count);
        slice::from_raw_parts_mut(out, count)
    }
}

unsafe extern "C" fn x_close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: the file was opened by `x_open`, and SQLite closes it once and forgets it.
    drop(unsafe { Box::from_raw((*file.cast::<OpenFile>()).handle) });
    ffi::SQLITE_OK
}

unsafe extern "C" fn x_read(
    file: *mut ffi::sqlite3_file,
    out: *mut c_void,
    count: c_int,
    at: i64,
) -> c_int {
    // SAFETY: SQLite passes an open file and a buffer of `count` bytes.
    let (handle, room) = unsafe { (handle_of(file), slice_to_fill(out.cast(), count)) };
    match index(at).and_then(|at| handle.read(at, room)) {
        Ok(read) if read < room.len() => ffi::SQLITE_IOERR_SHORT_READ,
        Ok(_) => ffi::SQLITE_OK,
        Err(fault) => code(&fault),
    }
}

unsafe extern "C" fn x_write(
    file: *mut ffi::sqlite3_file,
    bytes: *const c_void,
    count: c_int,
    at: i64,
) -> c_int {
    let count = usize::try_from(count).unwrap_or(0);
    // SAFETY: SQLite passes an open file and `count` bytes to write.
    let (handle, bytes) = unsafe {
        (
            handle_of(file),
            slice::from_raw_parts(bytes.cast::<u8>(), count),
        )
    };
    done(index(at).and_then(|at| handle.write(at, bytes)))
}

unsafe extern "C" fn x_truncate(file: *mut ffi::sqlite3_file, size: i64) -> c_int {
    // SAFETY: SQLite passes an open file.
    let handle = unsafe { handle_of(file) };
    done(index(size).and_then(|size| handle.truncate(size)))
}

unsafe extern "C" fn x_sync(file: *mut ffi::sqlite3_file, _flags: c_int) -> c_int {
    // SAFETY: SQLite passes an open file.
    done(unsafe { handle_of(file) }.sync())
}

unsafe extern "C" fn x_file_size(file: *mut ffi::sqlite3_file, out: *mut i64) -> c_int {
    // SAFETY: SQLite passes an open file and a place for its size.
    unsafe {
        let size = handle_of(file).size();
        give(
            size.map(|size| i64::try_from(size).unwrap_or(i64::MAX)),
            out,
        )
    }
}

unsafe extern "C" fn x_lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    let level = match level {
        ffi::SQLITE_LOCK_NONE => return ffi::SQLITE_OK,
        ffi::SQLITE_LOCK_SHARED => Level::Shared,
        ffi::SQLITE_LOCK_RESERVED => Level::Reserved,
        ffi::SQLITE_LOCK_PENDING => Level::Pending,
        _ => Level::Exclusive,
    };
    // SAFETY: SQLite passes an open file.
    done(unsafe { handle_of(file) }.lock(level))
}

unsafe extern "C" fn x_unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: SQLite passes an open file.
    unsafe { handle_of(file) }.unlock(level == ffi::SQLITE_LOCK_SHARED);
    ffi::SQLITE_OK
}

unsafe extern "C" fn x_check_reserved_lock(file: *mut ffi::sqlite3_file, out: *mut c_int) -> c_int {
    // SAFETY: SQLite passes an open file and a place for the answer.
    unsafe { give(handle_of(file).is_reserved().map(c_int::from), out) }
}

unsafe extern "C" fn x_file_control(
    _file: *mut ffi::sqlite3_file,
    _operation: c_int,
    _argument: *mut c_void,
) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn x_sector_size(_file: *mut ffi::sqlite3_file) -> c_int {
    c_int::try_from(SECTOR).unwrap_or(c_int::MAX)
}

/// The disk promises nothing: no atomic writes, no order, no safe append.
unsafe extern "C" fn x_device_characteristics(_file: *mut ffi::sqlite3_file) -> c_int {
    0
}

unsafe extern "C" fn x_shm_map(
    file: *mut ffi::sqlite3_file,
    region: c_int,
    size: c_int,
    extend: c_int,
    out: *mut *mut c_void,
) -> c_int {
    // SAFETY: SQLite passes an open file and a place for the address.
    unsafe {
        let found = index(region)
            .and_then(|region| handle_of(file).shm_region(region, index(size)?, extend != 0));
        give(found.map(|address| address.unwrap_or(ptr::null_mut())), out)
    }
}

unsafe extern "C" fn x_shm_lock(
    file: *mut ffi::sqlite3_file,
    offset: c_int,
    count: c_int,
    flags: c_int,
) -> c_int {
    let slots = 0..ffi::SQLITE_SHM_NLOCK;
    let wanted = offset..offset.saturating_add(count);
    let mask = slots
        .filter(|slot| wanted.contains(slot))
        .fold(0, |mask, slot| mask | 1_u8 << slot);
    // SAFETY: SQLite passes an open file.
    let handle = unsafe { handle_of(file) };
    if flags & ffi::SQLITE_SHM_UNLOCK != 0 {
        handle.shm_unlock(mask);
        return ffi::SQLITE_OK;
    }
    done(handle.shm_lock(mask, flags & ffi::SQLITE_SHM_EXCLUSIVE != 0))
}

unsafe extern "C" fn x_shm_barrier(_file: *mut ffi::sqlite3_file) {
    fence(Ordering::SeqCst);
}

unsafe extern "C" fn x_shm_unmap(file: *mut ffi::sqlite3_file, _delete: c_int) -> c_int {
    // SAFETY: SQLite passes an open file.
    unsafe { handle_of(file) }.shm_unmap();
    ffi::SQLITE_OK
}
