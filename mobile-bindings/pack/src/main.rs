//! Makes a web package of a wasm file: `gridbook-pack FILE.wasm FOLDER NAME`.
//!
//! The same as `wasm-bindgen --target web`, of the version that `Cargo.lock` names.

use std::{env, process::ExitCode};

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [wasm, folder, name] = arguments.as_slice() else {
        eprintln!("usage: gridbook-pack FILE.wasm FOLDER NAME");
        return ExitCode::FAILURE;
    };
    match pack(wasm, folder, name) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn pack(wasm: &str, folder: &str, name: &str) -> Result<(), String> {
    let mut bindgen = Bindgen::new();
    bindgen
        .web(true)
        .and_then(|bindgen| {
            bindgen
                .input_path(wasm)
                .out_name(name)
                .typescript(true)
                .omit_default_module_path(false)
                .remove_producers_section(true)
                .generate(folder)
        })
        .map_err(|error| format!("{error:#}"))
}
