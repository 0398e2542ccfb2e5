//! UniFFI's own command, at the version that the library is built with:
//! `gridbook-bindgen generate --language python --out-dir FOLDER LIBRARY`.

fn main() {
    uniffi::uniffi_bindgen_main();
}
