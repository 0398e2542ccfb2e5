//! The pages inside the binary are compiled in again when their build made others.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=console/dist");
    println!("cargo:rerun-if-changed=../mobile-bindings/app/dist");
}
