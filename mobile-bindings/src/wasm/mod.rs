//! The book as JavaScript classes, for a browser's dedicated worker: SQLite needs the private file
//! system's synchronous handles, which only such a worker has.
//!
//! ```js
//! await init(); await install()
//! const book = new Book('book', key, sign)
//! JSON.parse(book.call('{"op":"standing"}'))
//! ```
//!
//! A call that fails throws, or rejects with, the JSON of a `Problem`.

mod book;
mod browser;
mod locked;
mod open;
pub mod secrets;

pub use book::Book;
pub use locked::LockedBook;

use wasm_bindgen::prelude::*;

use crate::phone::{Code, Problem};

/// The name under which the private file system is a VFS of SQLite.
const VFS: &str = "opfs-sahpool";

/// Says panics in the console: after one nothing of this module may be called again.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|info| {
        // The place alone: a message may hold what was typed.
        let place = info.location().map(ToString::to_string);
        browser::complain(&format!(
            "gridbook: the core fell over at {}",
            place.unwrap_or_default()
        ));
    }));
}

/// Takes the origin's private file system for SQLite. Rejects with `busy` where another window has
/// it.
#[wasm_bindgen]
pub async fn install() -> Result<(), JsValue> {
    let options = sqlite_wasm_vfs::sahpool::OpfsSAHPoolCfgBuilder::new()
        .vfs_name(VFS)
        .directory("gridbook")
        .build();
    sqlite_wasm_vfs::sahpool::install::<sqlite_wasm_rs::WasmOsCallback>(&options, false)
        .await
        .map(drop)
        .map_err(|_| {
            thrown(&Problem::new(
                Code::Busy,
                "已在另一窗口打开，请回到那里。",
                "Already open in another window. Go there.",
            ))
        })
}

/// A problem as it is thrown.
fn thrown(problem: &Problem) -> JsValue {
    serde_json::to_string(problem).unwrap_or_default().into()
}

/// A result whose problem is thrown.
fn or_throw<T>(result: Result<T, Problem>) -> Result<T, JsValue> {
    result.map_err(|problem| thrown(&problem))
}
